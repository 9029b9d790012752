using AuthzGraph.Model;

namespace AuthzGraph.Cli.Commands.Store;

/// <summary>A store to read and to fill: a server's, or one in a directory.</summary>
internal interface IStoreAccess : IAsyncDisposable
{
    /// <summary>The schema in force; null where none was written.</summary>
    Task<StoredText?> ReadSchemaAsync(CancellationToken cancellation);

    /// <summary>Every relationship as of a token.</summary>
    IAsyncEnumerable<RelationTuple> ExportAsync(string token, CancellationToken cancellation);

    Task WriteSchemaAsync(string text, CancellationToken cancellation);

    /// <summary>Writes a stream of relationships, replacing those that are there; gives back how many are durable, after each commit.</summary>
    IAsyncEnumerable<LoadReceipt> ImportAsync(IAsyncEnumerable<RelationTuple> tuples, LoadOptions options, CancellationToken cancellation);
}

/// <summary>A schema and where it was read.</summary>
internal sealed record StoredText(string Schema, ulong Revision, string Token);

/// <param name="Chunk">How many relationships are committed together; not looked at when <paramref name="IsAtomic"/>.</param>
/// <param name="Id">Names the load, so that it can be done again and passes over what is written; empty: no name.</param>
internal sealed record LoadOptions(bool IsAtomic, uint Chunk, string Id);

internal readonly record struct LoadReceipt(long Written, ulong Revision, string Token);
