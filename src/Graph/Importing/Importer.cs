using System.Runtime.CompilerServices;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Importing;

/// <summary>
/// One import. While some chunks wait for the disk, later ones are read and checked; the writer takes them in order, and takes none
/// behind one that was refused, so what is there is always the start of the stream.
/// </summary>
internal sealed class Importer(Writer writer, History history, Limits limits, ImportRequest request)
{
    private const int ChunksInFlight = 8;

    // INVARIANT: written and read by the writer's one thread alone
    private bool _refused;

    public async IAsyncEnumerable<ImportReceipt> RunAsync(
        IAsyncEnumerable<RelationTuple> tuples, Func<Published, WriteReceipt> receipt, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Expect();
        Queue<(ImportChunk Chunk, Task<Published> Done)> inFlight = [];
        await foreach (ImportChunk chunk in ChunksAsync(tuples, cancellation).ConfigureAwait(false))
        {
            inFlight.Enqueue((chunk, WriteAsync(chunk, cancellation)));
            while (inFlight.Count > ChunksInFlight || inFlight.TryPeek(out var first) && first.Done.IsCompleted)
                yield return await ReceiptAsync().ConfigureAwait(false);
        }
        while (inFlight.Count > 0) yield return await ReceiptAsync().ConfigureAwait(false);

        async ValueTask<ImportReceipt> ReceiptAsync()
        {
            (ImportChunk chunk, Task<Published> done) = inFlight.Dequeue();
            return new ImportReceipt(chunk.End, receipt(await done.ConfigureAwait(false)));
        }
    }

    private void Expect()
    {
        if (request.Kind is not (UpdateKind.Create or UpdateKind.Touch)) throw Rejections.ImportKind();
        if (request.ChunkSize < 1) throw Rejections.LimitNotPositive("chunk size");
        if (request.ChunkSize > limits.TuplesPerImportChunk)
            throw Rejections.TooMany("CHUNK_TOO_LARGE", "relationships in a chunk", request.ChunkSize, limits.TuplesPerImportChunk);
        IdempotencyKeys.NameOf(request.IdempotencyScope, request.Id);
    }

    private async IAsyncEnumerable<ImportChunk> ChunksAsync(IAsyncEnumerable<RelationTuple> tuples, [EnumeratorCancellation] CancellationToken cancellation)
    {
        int size = request.Mode == ImportMode.Atomic ? int.MaxValue : request.ChunkSize;
        var chunk = new ImportChunk(0, request.Kind);
        await foreach (RelationTuple tuple in tuples.WithCancellation(cancellation).ConfigureAwait(false))
        {
            if (chunk.Count >= size && chunk.MayEndBefore(tuple, history.Head.Bound))
            {
                yield return chunk;
                chunk = new ImportChunk(chunk.End, request.Kind);
            }
            if (chunk.Count >= limits.TuplesPerAtomicImport) throw Rejections.ImportTooLarge(limits.TuplesPerAtomicImport);
            chunk.Add(tuple);
        }
        if (chunk.Count > 0) yield return chunk;
    }

    /// <summary>Checks what can be checked here, beside the writer, and hands the chunk to it.</summary>
    private Task<Published> WriteAsync(ImportChunk chunk, CancellationToken cancellation)
    {
        if (history.Head.Bound is { } bound) chunk.Resolve(bound);
        string? key = request.Id is { } id ? IdempotencyKeys.NameOfChunk(request.IdempotencyScope, id, chunk.End - chunk.Count) : null;
        var remarks = new Remarks(request.MetadataJson, key, chunk.Digest);
        return writer.RunAsync((WriterState state, out Published result) => Step(state, chunk, remarks, out result), cancellation).AsTask();
    }

    private LogTransaction? Step(WriterState state, ImportChunk chunk, Remarks remarks, out Published result)
    {
        if (_refused) throw Rejections.ImportStopped();
        _refused = true;
        LogTransaction? transaction = state.Import(chunk, request.Right, remarks, out result);
        _refused = false;
        return transaction;
    }
}
