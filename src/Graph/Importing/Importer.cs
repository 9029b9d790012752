using System.Runtime.CompilerServices;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Importing;

/// <summary>
/// One import. While some chunks wait for the disk, later ones are read and checked; the writer takes them in order, and takes none
/// behind one that was refused, so what is there is always the start of the stream.
/// </summary>
internal sealed class Importer(Writer writer, History history, Limits limits, ImportRequest request)
{
    private const int ChunksInFlight = 4;

    // INVARIANT: written and read by the writer's one thread alone
    private bool _refused;

    private readonly Stack<ChunkRoom> _rooms = [];

    public async IAsyncEnumerable<ImportReceipt> RunAsync(
        IAsyncEnumerable<RelationTuple> tuples, Func<Published, WriteReceipt> receipt, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Expect();
        Queue<(ImportChunk Chunk, Task<Published> Done)> inFlight = [];
        IAsyncEnumerator<ImportChunk> chunks = ChunksAsync(tuples, cancellation).GetAsyncEnumerator(cancellation);
        Task<bool> next = chunks.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                // a receipt never waits for more of the stream
                if (inFlight.TryPeek(out (ImportChunk Chunk, Task<Published> Done) first) && inFlight.Count < ChunksInFlight)
                    await Task.WhenAny(next, first.Done).ConfigureAwait(false);
                if (first.Done is { IsCompleted: true } || inFlight.Count == ChunksInFlight) yield return await ReceiptAsync().ConfigureAwait(false);
                else if (!await next.ConfigureAwait(false)) break;
                else
                {
                    inFlight.Enqueue((chunks.Current, WriteAsync(chunks.Current, cancellation)));
                    next = chunks.MoveNextAsync().AsTask();
                }
            }
            while (inFlight.Count > 0) yield return await ReceiptAsync().ConfigureAwait(false);
        }
        finally
        {
            // a stream that still waits for its sender ends with the sender
            if (next.IsCompleted) await chunks.DisposeAsync().ConfigureAwait(false);
        }

        async ValueTask<ImportReceipt> ReceiptAsync()
        {
            (ImportChunk chunk, Task<Published> done) = inFlight.Dequeue();
            Published written = await done.ConfigureAwait(false);
            chunk.Room.Clear();
            lock (_rooms) _rooms.Push(chunk.Room);
            return new ImportReceipt(chunk.End, receipt(written));
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
        ImportChunk? chunk = null;
        await foreach (RelationTuple tuple in tuples.WithCancellation(cancellation).ConfigureAwait(false))
        {
            if (chunk?.Count >= size && chunk.MayEndBefore(tuple))
            {
                yield return chunk;
                chunk = Begin(chunk.End);
            }
            chunk ??= Begin(0);
            if (chunk.Count >= limits.TuplesPerAtomicImport) throw Rejections.ImportTooLarge(limits.TuplesPerAtomicImport);
            chunk.Add(tuple);
        }
        if (chunk is not null) yield return chunk;
    }

    private ImportChunk Begin(long start)
    {
        // a store that failed with its first schema has none, but that is not why it takes nothing
        writer.ExpectToWrite();
        lock (_rooms) return new ImportChunk(start, request.Kind, history.Head.Bound ?? throw Rejections.NoSchema(), _rooms.TryPop(out ChunkRoom? room) ? room : new ChunkRoom());
    }

    private Task<Published> WriteAsync(ImportChunk chunk, CancellationToken cancellation)
    {
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
