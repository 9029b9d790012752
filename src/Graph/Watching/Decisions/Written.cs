using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Watching.Decisions;

/// <summary>What was written between two rounds: its relations and, while it is little, its resources. Anything, where that is not known any more.</summary>
internal sealed class Written
{
    private const int MostTuples = 64;

    private readonly HashSet<uint> _edgeTypes = [];
    private readonly HashSet<MemberId> _relations = [];
    private readonly List<(MemberId Relation, ObjectRef Resource)> _tuples = [];
    private List<Committed> _transactions = [];
    private bool _isAnything;
    private bool _isLong;

    public void Clear()
    {
        _edgeTypes.Clear();
        _transactions = [];
        _isAnything = false;
    }

    /// <summary>More was written than is kept.</summary>
    public void AddAnything() => _isAnything = true;

    public void Add(Committed committed)
    {
        committed.AddEdgeTypesTo(_edgeTypes);
        _transactions.Add(committed);
    }

    /// <summary>Makes it comparable with questions under a schema.</summary>
    public void Bind(BoundSchema? bound)
    {
        _relations.Clear();
        _tuples.Clear();
        if (bound is null || _isAnything) return;
        _relations.UnionWith(bound.Schema.EdgeTypes.Where(type => _edgeTypes.Contains(bound[type.Id].LogNumber)).Select(type => type.Relation));
        _isLong = _transactions.Sum(committed => committed.Weight) > MostTuples;
        if (!_isLong) AddTuples(bound);
    }

    /// <summary>Whether the answer to a question about a resource can be another.</summary>
    /// <param name="reads">Null: it can rest on anything.</param>
    public bool Touches(Reads? reads, ObjectRef resource)
    {
        if (_isAnything) return true;
        if (reads is null) return _relations.Count > 0;
        foreach (MemberId relation in _relations)
            if (reads.Elsewhere.Contains(relation) || reads.Own.Contains(relation) && (_isLong || IsOn(relation, resource))) return true;
        return false;
    }

    private void AddTuples(BoundSchema bound)
    {
        foreach (TupleChange change in _transactions.SelectMany(committed => committed.Changes))
            if (bound.Schema.FindType(change.Tuple.Resource.Type) is { } type && bound.Schema.FindMember(type.Id, change.Tuple.Relation) is { } relation)
                _tuples.Add((relation.Id, change.Tuple.Resource));
    }

    private bool IsOn(MemberId relation, ObjectRef resource)
    {
        foreach ((MemberId Relation, ObjectRef Resource) tuple in _tuples)
            if (tuple.Relation == relation && tuple.Resource == resource) return true;
        return false;
    }
}
