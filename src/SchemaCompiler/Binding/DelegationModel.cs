using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>What the clauses of <c>use delegation</c> say, and what follows from containment.</summary>
internal sealed class DelegationModel
{
    private readonly IReadOnlyList<TypeSymbol> _types;
    private readonly TypeClauses[] _clauses;
    private readonly Lazy<ILookup<TypeSymbol, TypeSymbol>> _directlyWithin;
    private readonly IReadOnlySet<TypeSymbol> _suspendable;
    private readonly Lazy<Closure> _within;
    private readonly Lazy<Closure> _around;

    /// <param name="clauses">By the id of the type.</param>
    public DelegationModel(IReadOnlyList<TypeSymbol> types, TypeClauses[] clauses)
    {
        (_types, _clauses) = (types, clauses);
        _directlyWithin = new Lazy<ILookup<TypeSymbol, TypeSymbol>>(() => types
            .SelectMany(inner => this[inner].Containers.Select(outer => (Inner: inner, Outer: outer)))
            .ToLookup(pair => pair.Outer, pair => pair.Inner));
        _suspendable = Covering(types.Where(IsPrincipal));
        _within = new Lazy<Closure>(() => Leading(outer => _directlyWithin.Value[outer]));
        _around = new Lazy<Closure>(() => Leading(inner => this[inner].Containers));
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
    public bool MayBeSuspended(TypeSymbol type) => _suspendable.Contains(type);

    /// <summary>A type and every type whose objects can be within its objects, at any distance.</summary>
    public IReadOnlySet<TypeSymbol> CoveredBy(TypeSymbol type) => Reach([type], outer => _directlyWithin.Value[outer]);

    /// <summary>Some types and every type whose objects theirs can be within, at any distance.</summary>
    public IReadOnlySet<TypeSymbol> Covering(IEnumerable<TypeSymbol> types) => Reach(types, inner => this[inner].Containers);

    private Closure Leading(Func<TypeSymbol, IEnumerable<TypeSymbol>> next)
    {
        return new Closure([.. _types.Select(type => next(type).Select(further => (int)further.Id.Value).ToArray())]);
    }

    private static HashSet<TypeSymbol> Reach(IEnumerable<TypeSymbol> start, Func<TypeSymbol, IEnumerable<TypeSymbol>> next)
    {
        HashSet<TypeSymbol> reached = [.. start];
        Queue<TypeSymbol> open = new(reached);
        while (open.TryDequeue(out TypeSymbol? type))
            foreach (TypeSymbol further in next(type))
                if (reached.Add(further)) open.Enqueue(further);
        return reached;
    }
}

/// <summary>The clauses of one definition, resolved; those on single members are with the members.</summary>
internal sealed class TypeClauses
{
    public RoleSyntax? Role { get; set; }
    public PrincipalKind? PrincipalKind { get; set; }
    public List<RelationSymbol> Within { get; } = [];
    public EnforcementDomain Domain { get; set; }

    public IEnumerable<TypeSymbol> Containers => Within.SelectMany(r => r.Allowed).Select(a => a.Type);
}
