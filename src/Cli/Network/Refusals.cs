using AuthzGraph.Client;
using AuthzGraph.Rpc;

namespace AuthzGraph.Cli.Network;

internal static class Refusals
{
    /// <summary>The server's reason, <c>UNKNOWN_RELATION</c>; without one the status, <c>UNAVAILABLE</c>.</summary>
    public static string CodeOf(AuthzGraphException refused) => refused.Reason.Length > 0 ? refused.Reason : Screaming(refused.Code);

    private static string Screaming(RpcCode code) =>
        string.Concat(code.ToString().Select((c, i) => i > 0 && char.IsAsciiLetterUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}
