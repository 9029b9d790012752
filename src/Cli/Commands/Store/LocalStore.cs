using System.Runtime.CompilerServices;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Cli.Commands.Store;

/// <summary>A store in a directory that no server has open.</summary>
internal sealed class LocalStore(AuthorizationGraph graph) : IStoreAccess
{
    private const int PageSize = 1_000;

    public Task<StoredText?> ReadSchemaAsync(CancellationToken cancellation)
    {
        Snapshot snapshot = graph.Snapshot();
        return Task.FromResult(snapshot.HasSchema ? new StoredText(snapshot.Schema.Text, snapshot.Revision.Value, snapshot.Token) : null);
    }

    public async IAsyncEnumerable<RelationTuple> ExportAsync(string token, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.Yield();
        foreach (ExportPage page in graph.Export(new ExportRequest { Consistency = new Consistency.AtExactSnapshot(token), PageSize = PageSize }))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (RelationTuple tuple in page.Tuples) yield return tuple;
        }
    }

    public async Task WriteSchemaAsync(string text, CancellationToken cancellation) => await graph.WriteSchemaAsync(text, cancellation);

    public async IAsyncEnumerable<LoadReceipt> ImportAsync(
        IAsyncEnumerable<RelationTuple> tuples, LoadOptions options, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ImportRequest request = new()
        {
            Mode = options.IsAtomic ? ImportMode.Atomic : ImportMode.Chunks,
            ChunkSize = (int)Math.Min(options.Chunk, int.MaxValue),
            Right = WriteRight.Authority,
            Id = options.Id.Length == 0 ? null : options.Id,
        };
        await foreach (ImportReceipt receipt in graph.ImportAsync(tuples, request, cancellation))
            yield return new LoadReceipt(receipt.Tuples, receipt.Written.Revision.Value, receipt.Written.Token);
    }

    public ValueTask DisposeAsync() => graph.DisposeAsync();
}
