namespace AuthzGraph.Graph.Storage;

/// <summary>How long history is kept: for this time or this much of the log, whichever is less.</summary>
internal sealed record LogRetention(TimeSpan Time, long Bytes)
{
    public static readonly LogRetention Default = new(TimeSpan.FromHours(24), 1L << 30);
}
