namespace AuthzGraph.Server.Wire;

/// <summary>What a message says or leaves out: where protobuf has no null, an empty text and a 0 stand for it.</summary>
internal static class Given
{
    public static string? OrNull(this string text) => text.Length == 0 ? null : text;

    /// <summary>A limit on how many; no more than an <see cref="int"/> counts.</summary>
    public static int? OrNull(this uint limit) => limit == 0 ? null : (int)Math.Min(limit, int.MaxValue);
}
