using AuthzGraph.Graph.Collections;
using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Lookups;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Index;

/// <summary>A compiled schema with the names and edges its ids stand for. Immutable; several versions may share stores.</summary>
internal sealed class BoundSchema
{
    private readonly NameTable[] _names;
    private readonly EdgeStore[] _edges;
    private readonly PagedReferences<Bound> _caveats = new();
    private CheckPlans? _plans;

    public BoundSchema(CompiledSchema schema, GraphIndex index)
    {
        (Schema, Index, Lookups) = (schema, index, new LookupPlans(schema));
        _names = [.. schema.Types.Select(type => index.Names(type.Name))];
        _edges = [.. schema.EdgeTypes.Select(type => index.Edge(Text(schema, type)))];
    }

    /// <summary>A caveat bound under this schema. Its number may stand for another one later.</summary>
    private sealed record Bound(CaveatTable.Stored Stored, BoundCaveat? Caveat);

    public CompiledSchema Schema { get; }

    public GraphIndex Index { get; }

    /// <summary>How lookups go through this schema.</summary>
    public LookupPlans Lookups { get; }

    /// <summary>How its relations and permissions are decided; made on first use.</summary>
    public CheckPlans Plans => _plans ?? Interlocked.CompareExchange(ref _plans, new CheckPlans(this), null) ?? _plans;

    /// <summary>The text of a caveat number; null for 0.</summary>
    public CaveatRef? CaveatText(uint number) => number == 0 ? null : Index.Caveats[number];

    /// <summary>What a caveat number stands for, bound on first use and kept: two threads may bind it twice and get the same.</summary>
    /// <returns>Null: the schema does not know it any more (<see cref="BoundCaveat.Of"/>).</returns>
    public BoundCaveat? Caveat(uint number)
    {
        CaveatTable.Stored stored = Index.Caveats.At(number);
        return _caveats[number] is { } bound && bound.Stored == stored ? bound.Caveat : Bind(number, stored);
    }

    private BoundCaveat? Bind(uint number, CaveatTable.Stored stored)
    {
        BoundCaveat? bound = BoundCaveat.Of(Schema, stored.Caveat);
        _caveats[number] = new Bound(stored, bound);
        return bound;
    }

    public NameTable this[TypeId type] => _names[type.Value];
    public EdgeStore this[EdgeTypeId type] => _edges[type.Value];

    /// <summary><c>document#viewer@group#member</c>: what the edge type is called across schemas.</summary>
    public static string Text(CompiledSchema schema, EdgeType type)
    {
        Member relation = schema[type.Relation];
        string subject = schema[type.SubjectType].Name;
        string suffix = type switch
        {
            { Kind: SubjectKind.Wildcard } => ":*",
            { SubjectRelation: { } member } => "#" + schema[member].Name,
            _ => "",
        };
        return $"{schema[relation.Type].Name}#{relation.Name}@{subject}{suffix}";
    }
}
