using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>What the text declares, by name and in the author's order, before anything is resolved.</summary>
internal sealed class Symbols
{
    public Dictionary<string, TypeSymbol> ByName { get; } = new(StringComparer.Ordinal);
    public List<TypeSymbol> Types { get; } = [];
    public List<MemberSymbol> Members { get; } = [];
    public List<EdgeType> EdgeTypes { get; } = [];
    public Dictionary<string, CaveatSymbol> CaveatsByName { get; } = new(StringComparer.Ordinal);
    public List<CaveatSymbol> Caveats { get; } = [];

    /// <summary>Those that list a wildcard.</summary>
    public List<RelationSymbol> WithWildcards { get; } = [];

    /// <summary>Those that list a userset.</summary>
    public List<RelationSymbol> WithUsersets { get; } = [];

    /// <summary>Definitions may be missing because of what was reported already.</summary>
    public required bool IsIncomplete { get; set; }

    public TypeSymbol this[TypeId id] => Types[id.Value];
    public MemberSymbol this[MemberId id] => Members[id.Value];
}

/// <summary>A definition.</summary>
internal sealed class TypeSymbol(TypeId id, DefinitionSyntax syntax)
{
    /// <summary>So many members are looked through by name; more get an index.</summary>
    private const int Few = 16;

    private Dictionary<string, MemberSymbol>? _byName;

    public TypeId Id { get; } = id;
    public string Name { get; } = syntax.Name.Text;
    public DefinitionSyntax Syntax { get; } = syntax;

    /// <summary>Members may be missing because of what was reported already.</summary>
    public bool IsIncomplete { get; set; } = syntax.IsIncomplete;

    /// <summary>Those of partials included.</summary>
    public List<ClauseSyntax> Clauses { get; } = [];

    public List<MemberSymbol> Members { get; } = new(syntax.Members.Length);
    public IEnumerable<RelationSymbol> Relations => Members.OfType<RelationSymbol>();

    /// <summary>The last relation that lists it, while relations are bound one after the other.</summary>
    public RelationSymbol? ListedBy { get; set; }

    public IEnumerable<string> MemberNames => Members.Select(member => member.Name);

    /// <summary>False when the name is taken.</summary>
    public bool TryAdd(MemberSymbol member)
    {
        if (Find(member.Name) is not null) return false;
        Members.Add(member);
        if (_byName is null && Members.Count > Few) _byName = Members.ToDictionary(known => known.Name, StringComparer.Ordinal);
        else _byName?.Add(member.Name, member);
        return true;
    }

    public MemberSymbol? Find(string name)
    {
        if (_byName is not null) return _byName.GetValueOrDefault(name);
        foreach (MemberSymbol member in Members)
            if (member.Name == name) return member;
        return null;
    }
}

/// <summary>A relation or permission, with the delegation clauses that name it.</summary>
internal abstract class MemberSymbol(MemberId id, TypeSymbol type, string name)
{
    public MemberId Id { get; } = id;
    public TypeSymbol Type { get; } = type;
    public abstract NameSyntax NameSyntax { get; }
    public string Name { get; } = name;
    protected abstract ImmutableArray<Comment> Comments { get; }
    public bool IsAutonomous { get; set; }
    public DelegableRule? Delegable { get; set; }

    public bool Ignores(Diagnostic warning) => IgnoredWarnings.Has(Comments, warning);
}

internal sealed class RelationSymbol(MemberId id, TypeSymbol type, RelationSyntax syntax) : MemberSymbol(id, type, syntax.Name.Text)
{
    public RelationSyntax Syntax { get; } = syntax;
    public override NameSyntax NameSyntax => Syntax.Name;
    protected override ImmutableArray<Comment> Comments => Syntax.Comments;

    /// <summary>What it may hold as the author lists it, as far as it could be resolved.</summary>
    public ImmutableArray<AllowedType> Allowed { get; set; } = [];

    /// <summary>The same with <c>user | user with expiration</c> as one.</summary>
    public ImmutableArray<EdgeType> EdgeTypes { get; set; } = [];
}

internal sealed class PermissionSymbol(MemberId id, TypeSymbol type, PermissionSyntax syntax) : MemberSymbol(id, type, syntax.Name.Text)
{
    private static readonly Rewrite NotYet = new Rewrite.Nil();

    public PermissionSyntax Syntax { get; } = syntax;
    public override NameSyntax NameSyntax => Syntax.Name;
    public Rewrite Rewrite { get; set; } = NotYet;
    protected override ImmutableArray<Comment> Comments => Syntax.Comments;
}

/// <summary>A caveat.</summary>
internal sealed class CaveatSymbol(CaveatId id, CaveatSyntax syntax)
{
    public CaveatId Id { get; } = id;
    public string Name => Syntax.Name.Text;
    public CaveatSyntax Syntax { get; } = syntax;
    public bool IsUsed { get; set; }

    /// <summary>Null when it was refused.</summary>
    public Caveat? Compiled { get; set; }
}

/// <summary>One resolved entry of a relation's list, and where it stands.</summary>
internal sealed record AllowedType(
    TextSpan Span, TypeSymbol Type, SubjectKind Kind, MemberSymbol? SubjectRelation, CaveatSymbol? Caveat, bool Expires)
{
    /// <summary>Two that point at the same subjects, whatever they ask of an edge.</summary>
    public static IEqualityComparer<AllowedType> SameSubjects { get; } = EqualityComparer<AllowedType>.Create(
        (a, b) => a is not null && b is not null && a.Type == b.Type && a.Kind == b.Kind && a.SubjectRelation == b.SubjectRelation,
        a => HashCode.Combine(a.Type.Id, a.Kind, a.SubjectRelation?.Id));

    /// <summary>Two that say the same of an edge.</summary>
    public static IEqualityComparer<AllowedType> SameWay { get; } = EqualityComparer<AllowedType>.Create(
        (a, b) => SameSubjects.Equals(a, b) && a?.Caveat == b?.Caveat && a?.Expires == b?.Expires,
        a => HashCode.Combine(a.Type.Id, a.Kind, a.SubjectRelation?.Id, a.Caveat?.Id, a.Expires));

    /// <summary>As an author would write it, without <c>with …</c>.</summary>
    public string Text => Kind switch
    {
        SubjectKind.Wildcard => $"{Type.Name}:*",
        SubjectKind.Userset => $"{Type.Name}#{SubjectRelation?.Name}",
        _ => Type.Name,
    };

    public string TextWithTraits => (Caveat, Expires) switch
    {
        (null, false) => Text,
        (null, true) => $"{Text} with expiration",
        ({ } caveat, false) => $"{Text} with {caveat.Name}",
        ({ } caveat, true) => $"{Text} with {caveat.Name} and expiration",
    };
}
