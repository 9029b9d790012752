using System.Security.Cryptography;
using System.Text;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Importing;

/// <summary>Some tuples of an import on their way into one transaction, checked against the schema as they come in.</summary>
/// <param name="start">How many tuples of the stream came before.</param>
/// <param name="room">Where its updates are put: empty, and its own until it is done.</param>
internal sealed class ImportChunk(long start, UpdateKind kind, BoundSchema bound, ChunkRoom room)
{
    private BoundSchema _bound = bound;

    /// <summary>How many tuples of the stream it has, those that a later one replaces included.</summary>
    public int Count { get; private set; }

    /// <summary>How many tuples of the stream end with it.</summary>
    public long End => start + Count;

    public ChunkRoom Room => room;

    /// <summary>Takes a tuple in; of two that are the same the later counts.</summary>
    public void Add(in RelationTuple tuple)
    {
        Count++;
        if (!room.TryAdd(ResolvedUpdate.Of(_bound, new TupleUpdate(kind, tuple))) && kind == UpdateKind.Create) throw Rejections.AlreadyExists(tuple);
    }

    /// <summary>Whether a tuple may start the next chunk: hops and tasks are written whole.</summary>
    public bool MayEndBefore(in RelationTuple next) =>
        room.Updates[^1].Tuple.Resource != next.Resource || _bound.Schema.FindType(next.Resource.Type)?.Role is not (Role.Delegation or Role.Task);

    /// <summary>The updates under a schema: checked again if it is not the one they came in under.</summary>
    public List<ResolvedUpdate> Resolve(BoundSchema now)
    {
        List<ResolvedUpdate> updates = room.Updates;
        if (_bound != now)
            for (int i = 0; i < updates.Count; i++) updates[i] = ResolvedUpdate.Of(now, new TupleUpdate(kind, updates[i].Tuple));
        _bound = now;
        return updates;
    }

    public ulong Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"import {kind}\n"));
        foreach (ResolvedUpdate update in room.Updates) hash.AppendData(Encoding.UTF8.GetBytes($"{update.Tuple}\n"));
        return BitConverter.ToUInt64(hash.GetHashAndReset());
    }
}
