using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Importing;

/// <summary>Some tuples of an import on their way into one transaction.</summary>
/// <param name="start">How many tuples of the stream came before.</param>
internal sealed class ImportChunk(long start, UpdateKind kind)
{
    private readonly List<RelationTuple> _tuples = [];
    private List<ResolvedUpdate> _updates = [];
    private BoundSchema? _bound;

    public int Count => _tuples.Count;

    /// <summary>How many tuples of the stream end with it.</summary>
    public long End => start + Count;

    public void Add(in RelationTuple tuple) => _tuples.Add(tuple);

    /// <summary>Whether a tuple may start the next chunk: hops and tasks are written whole.</summary>
    public bool MayEndBefore(in RelationTuple next, BoundSchema? bound) =>
        _tuples[^1].Resource != next.Resource || bound?.Schema.FindType(next.Resource.Type)?.Role is not (Role.Delegation or Role.Task);

    /// <summary>The updates under a schema; worked out ahead of the writer, and again if the schema has changed by then.</summary>
    public List<ResolvedUpdate> Resolve(BoundSchema bound)
    {
        if (_bound == bound) return _updates;
        var places = new Dictionary<(ObjectRef, string, SubjectRef), int>(_tuples.Count);
        var updates = new List<ResolvedUpdate>(_tuples.Count);
        foreach (RelationTuple tuple in _tuples)
        {
            ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, (tuple.Resource, tuple.Relation, tuple.Subject), out bool again);
            if (again && kind == UpdateKind.Create) throw Rejections.AlreadyExists(tuple);
            ResolvedUpdate update = ResolvedUpdate.Of(bound, new TupleUpdate(kind, tuple));
            if (again)
            {
                updates[place] = update;
                continue;
            }
            place = updates.Count;
            updates.Add(update);
        }
        (_bound, _updates) = (bound, updates);
        return updates;
    }

    public ulong Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"import {kind}\n"));
        foreach (RelationTuple tuple in _tuples) hash.AppendData(Encoding.UTF8.GetBytes($"{tuple}\n"));
        return BitConverter.ToUInt64(hash.GetHashAndReset());
    }
}
