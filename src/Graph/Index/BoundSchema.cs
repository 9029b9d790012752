using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Index;

/// <summary>A compiled schema with the names and edges its ids stand for. Immutable; several versions may share stores.</summary>
internal sealed class BoundSchema
{
    private readonly NameTable[] _names;
    private readonly EdgeStore[] _edges;

    private BoundCaveat?[] _caveats = new BoundCaveat?[16];
    private readonly CaveatTable _contexts;

    public BoundSchema(CompiledSchema schema, Func<string, NameTable> names, Func<string, EdgeStore> edges, CaveatTable contexts)
    {
        _contexts = contexts;
        Schema = schema;
        _names = [.. schema.Types.Select(type => names(type.Name))];
        _edges = [.. schema.EdgeTypes.Select(type => edges(Text(schema, type)))];
    }

    public CompiledSchema Schema { get; }

    /// <summary>The text of a caveat number; null for 0.</summary>
    public CaveatRef? CaveatText(uint number) => number == 0 ? null : _contexts[number];

    /// <summary>What a caveat number stands for, bound on first use and kept: two threads may bind it twice and get the same.</summary>
    public BoundCaveat Caveat(uint number)
    {
        BoundCaveat?[] known = Volatile.Read(ref _caveats);
        if (number < known.Length && Volatile.Read(ref known[number]) is { } caveat) return caveat;
        return Bind(number);
    }

    private BoundCaveat Bind(uint number)
    {
        BoundCaveat bound = BoundCaveat.Of(Schema, _contexts[number]);
        BoundCaveat?[] known = Volatile.Read(ref _caveats);
        if (number >= known.Length)
        {
            var grown = new BoundCaveat?[System.Numerics.BitOperations.RoundUpToPowerOf2(number + 1)];
            known.CopyTo(grown, 0);
            Volatile.Write(ref _caveats, grown);
            known = grown;
        }
        Volatile.Write(ref known[number], bound);
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
