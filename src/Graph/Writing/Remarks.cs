namespace AuthzGraph.Graph.Writing;

/// <summary>What is kept with a transaction besides what it changes.</summary>
/// <param name="Key">The idempotency key as the store knows it.</param>
internal sealed record Remarks(string? MetadataJson, string? Key, Func<ulong> DigestOf)
{
    private ulong? _digest;

    public Remarks(string? metadataJson) : this(metadataJson, null, static () => 0) { }

    /// <summary>The digest of the request; worked out when first asked for.</summary>
    public ulong Digest => _digest ??= DigestOf();
}
