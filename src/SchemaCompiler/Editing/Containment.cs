using AuthzGraph.SchemaCompiler.Binding;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>What the clauses of <c>use delegation</c> make of a definition: its role, what is within it, which names are fixed.</summary>
internal sealed class Containment
{
    private readonly SchemaNames _names;
    private readonly ILookup<Declared.Block, Declared.Block> _directlyWithin;

    public Containment(SchemaNames names)
    {
        _names = names;
        _directlyWithin = names.Definitions
            .SelectMany(inner => Containers(inner).Select(outer => (Inner: inner, Outer: outer)))
            .ToLookup(pair => pair.Outer, pair => pair.Inner);
    }

    public static RoleSyntax? RoleOf(Declared.Block block) => block.Clauses.OfType<RoleSyntax>().FirstOrDefault();

    public static bool IsDelegation(Declared.Block block) => RoleOf(block)?.Keyword.Text == Words.Delegation;

    /// <summary>A definition and every one whose objects can be within its objects, at any distance.</summary>
    public IReadOnlySet<Declared.Block> CoveredBy(Declared.Block outer)
    {
        HashSet<Declared.Block> covered = [outer];
        Queue<Declared.Block> open = new(covered);
        while (open.TryDequeue(out Declared.Block? next))
            foreach (Declared.Block inner in _directlyWithin[next])
                if (covered.Add(inner)) open.Enqueue(inner);
        return covered;
    }

    /// <summary>The relations of a definition whose names its role fixes.</summary>
    public FixedRelation[] FixedIn(Declared.Block block)
    {
        if (!_names.Syntax.Flags.Delegation) return [];
        RoleSyntax? role = RoleOf(block);
        PrincipalKind? kind = role?.Kind is { } word && ClauseBinder.Kinds.TryGetValue(word.Text, out PrincipalKind known) ? known : null;
        return FixedRelations.Of(role?.Keyword.Text, kind, CoveredBy(block).Any(IsPrincipal));
    }

    /// <summary>A relation with a name that its role fixes; null for every other member.</summary>
    public FixedRelation? Fixed(Declared.Member member) =>
        member.Owner.Contexts.SelectMany(FixedIn).FirstOrDefault(relation => relation.Name == member.Name.Text);

    private static bool IsPrincipal(Declared.Block block) => RoleOf(block)?.Keyword.Text == Words.Principal;

    private IEnumerable<Declared.Block> Containers(Declared.Block inner) => inner.Clauses.OfType<WithinSyntax>()
        .SelectMany(within => within.Relations).SelectMany(name => _names.TypesOf(inner.Find(name.Text)));
}
