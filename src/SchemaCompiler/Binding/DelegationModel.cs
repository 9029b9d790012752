using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>What the clauses of <c>use delegation</c> say, and what follows from containment.</summary>
internal sealed class DelegationModel
{
    private readonly IReadOnlyList<TypeSymbol> _types;
    private readonly TypeClauses[] _clauses;
    private readonly int[][] _containers;       // by the id of the type: what its objects can be directly within
    private readonly int[][] _contents;         // the other way round
    private readonly bool[] _suspendable;
    private readonly Lazy<Closure> _within;
    private readonly Lazy<Closure> _around;

    /// <param name="clauses">By the id of the type.</param>
    public DelegationModel(IReadOnlyList<TypeSymbol> types, TypeClauses[] clauses)
    {
        (_types, _clauses) = (types, clauses);
        _containers = Array.ConvertAll(clauses, inner => inner.Containers());
        _contents = Reversed(_containers);
        _suspendable = Reach(types.Where(IsPrincipal), _containers);
        _within = new Lazy<Closure>(() => new Closure(_contents));
        _around = new Lazy<Closure>(() => new Closure(_containers));
    }

    /// <summary>Each type leads to those whose objects can be directly within its objects.</summary>
    public Closure Within => _within.Value;

    /// <summary>Each type leads to those that its objects can be directly within.</summary>
    public Closure Around => _around.Value;

    public TypeClauses this[TypeSymbol type] => _clauses[type.Id.Value];

    public bool IsPrincipal(TypeSymbol type) => this[type].PrincipalKind is not null;

    public bool IsPrincipal(TypeSymbol type, PrincipalKind kind) => this[type].PrincipalKind == kind;

    /// <summary>Whether objects of a type act as a <paramref name="role"/>: <c>task</c> or <c>delegation</c>.</summary>
    public bool Has(TypeSymbol type, string role) => this[type].Role?.Keyword.Text == role;

    /// <summary>Principals, and fleets: what a principal can be within.</summary>
    public bool MayBeSuspended(TypeSymbol type) => _suspendable[type.Id.Value];

    /// <summary>A type and every type whose objects can be within its objects, at any distance.</summary>
    public IEnumerable<TypeSymbol> CoveredBy(TypeSymbol type)
    {
        bool[] covered = Reach([type], _contents);
        return _types.Where(other => covered[other.Id.Value]);
    }

    /// <summary>Some types and every type whose objects theirs can be within, at any distance; by the id of the type.</summary>
    public bool[] Covering(IEnumerable<TypeSymbol> types) => Reach(types, _containers);

    private static bool[] Reach(IEnumerable<TypeSymbol> start, int[][] next)
    {
        bool[] reached = new bool[next.Length];
        Queue<int> open = new();
        foreach (TypeSymbol type in start) Enter(type.Id.Value);
        while (open.TryDequeue(out int type))
            foreach (int further in next[type]) Enter(further);
        return reached;

        void Enter(int type)
        {
            if (!reached[type]) open.Enqueue(type);
            reached[type] = true;
        }
    }

    private static int[][] Reversed(int[][] edges)
    {
        List<int>?[] reversed = new List<int>?[edges.Length];
        for (int from = 0; from < edges.Length; from++)
            foreach (int to in edges[from]) (reversed[to] ??= []).Add(from);
        return Array.ConvertAll(reversed, list => list?.ToArray() ?? []);
    }
}

/// <summary>The clauses of one definition, resolved; those on single members are with the members.</summary>
internal sealed class TypeClauses
{
    public RoleSyntax? Role { get; set; }
    public PrincipalKind? PrincipalKind { get; set; }
    public List<RelationSymbol> Within { get; } = [];
    public EnforcementDomain Domain { get; set; }

    /// <summary>The ids of the types that its relations in <see cref="Within"/> list, once for each time.</summary>
    public int[] Containers() => Within.Count == 0 ? [] : [.. Within.SelectMany(r => r.Allowed).Select(a => (int)a.Type.Id.Value)];
}
