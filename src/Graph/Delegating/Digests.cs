using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Delegating;

/// <summary>What tells one request from another that was sent under the same idempotency key.</summary>
internal static class Digests
{
    public static ulong Of(DelegateRequest request) => CursorSeal.DigestOf(
        "delegate", Of(request.By), request.Type, request.Id, request.Delegate.ToString(), Text(request.Parent), Text(request.Task), request.Term.ToString(),
        Text(request.Caveat), Text(request.Onward), Text(request.Lends));

    public static ulong Of(ApproveRequest request) =>
        CursorSeal.DigestOf("approve", Of(request.By), request.Delegation.ToString(), Text(request.ExpiresAt));

    public static ulong Of(RevokeRequest request) => CursorSeal.DigestOf("revoke", Of(request.By), request.Delegation.ToString());

    public static ulong Of(OpenTaskRequest request) =>
        CursorSeal.DigestOf("open", Of(request.By), request.Type, request.Id, Text(request.Parent), request.Term.ToString());

    public static ulong Of(CloseTaskRequest request) => CursorSeal.DigestOf("close", Of(request.By), request.Task.ToString());

    public static ulong Of(SuspendRequest request) =>
        CursorSeal.DigestOf("suspend", Of(request.By), request.Principal.ToString(), Text(request.ExpiresAt));

    public static ulong Of(ResumeRequest request) => CursorSeal.DigestOf("resume", Of(request.By), request.Principal.ToString());

    private static string Of(Deed by) => $"{by.As} {by.Standing} {by.MetadataJson}";

    private static string? Text<T>(T? part) where T : struct => part?.ToString();

    private static string Text<T>(ImmutableArray<T> parts) => parts.IsDefault ? "" : string.Join('\n', parts);
}
