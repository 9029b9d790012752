using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>How a stream of tuples is written.</summary>
public sealed record ImportRequest
{
    public ImportMode Mode { get; init; } = ImportMode.Chunks;

    /// <summary><see cref="UpdateKind.Create"/> refuses tuples that are there; <see cref="UpdateKind.Touch"/> replaces them. Of two that are the same the later counts.</summary>
    public UpdateKind Kind { get; init; } = UpdateKind.Touch;

    /// <summary>How many tuples a chunk has: at most <see cref="Limits.TuplesPerImportChunk"/>. Those of one hop or task stay together.</summary>
    public int ChunkSize { get; init; } = 1_000;

    public WriteRight Right { get; init; } = WriteRight.Tuples;

    /// <summary>
    /// Names the import, so that the same stream with the same chunk size can be sent again: chunks that were committed, by this or a former
    /// process, are passed over. Null: no name.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>Whose the id is; see <see cref="WriteRequest.IdempotencyScope"/>.</summary>
    public string IdempotencyScope { get; init; } = "";

    /// <inheritdoc cref="WriteRequest.MetadataJson"/>
    public string? MetadataJson { get; init; }
}

public enum ImportMode : byte
{
    /// <summary>Each chunk is a transaction of its own.</summary>
    Chunks,

    /// <summary>All of it is one transaction, at most <see cref="Limits.TuplesPerAtomicImport"/> tuples.</summary>
    Atomic,
}

/// <summary>How far an import came.</summary>
/// <param name="Tuples">How many tuples of the stream, from its start, are durable.</param>
/// <param name="Written">The transaction of the last of them.</param>
public readonly record struct ImportReceipt(long Tuples, WriteReceipt Written);
