namespace AuthzGraph.Model;

/// <summary>What kind of mistake a caller made; the server maps each to one gRPC and one HTTP status.</summary>
public enum RejectionCode
{
    InvalidArgument,
    NotFound,
    AlreadyExists,
    FailedPrecondition,
    PermissionDenied,
    OutOfRange,
    ResourceExhausted,
    Unavailable,
    Unimplemented,
}

/// <summary>A refusal to a caller: what kind, a stable reason in capitals, and a sentence that says what to do.</summary>
public sealed class RejectionException(RejectionCode code, string reason, string message) : Exception(message)
{
    public RejectionCode Code { get; } = code;

    /// <summary>Stable and machine-readable: <c>UNKNOWN_RELATION</c>.</summary>
    public string Reason { get; } = reason;

    /// <summary>Details a program may act on: the diagnostics of a schema, the oldest readable revision.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>The rejections that several rooms make.</summary>
public static class Rejection
{
    public static RejectionException InvalidText(string what, ReadOnlySpan<char> text, string form) =>
        new(RejectionCode.InvalidArgument, "INVALID_REFERENCE", $"`{Shorten(text)}` is not a valid {what}: it is written {form}");

    public static RejectionException Invalid(string reason, string message) => new(RejectionCode.InvalidArgument, reason, message);

    public static RejectionException Limit(string reason, string message) => new(RejectionCode.ResourceExhausted, reason, message);

    public static RejectionException Precondition(string reason, string message) => new(RejectionCode.FailedPrecondition, reason, message);

    private static string Shorten(ReadOnlySpan<char> text) => text.Length <= 100 ? text.ToString() : $"{text[..100]}…";
}
