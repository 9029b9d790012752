using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>Something a text gives a name to: a closed set, each declaration one object.</summary>
internal abstract class Declared
{
    private Declared(NameSyntax name, TokenRange tokens)
    {
        Name = name;
        Tokens = tokens;
    }

    public NameSyntax Name { get; }

    /// <summary>Its statement, or what stands before and with its <c>{</c>.</summary>
    public TokenRange Tokens { get; }

    /// <summary>A definition or a partial.</summary>
    internal sealed class Block(DefinitionSyntax syntax) : Declared(syntax.Name, syntax.Header)
    {
        public DefinitionSyntax Syntax { get; } = syntax;
        public bool IsPartial => Syntax.IsPartial;

        /// <summary>What its names can mean, those of partials included; of two with one name, the first counts.</summary>
        public Dictionary<string, Member> Members { get; } = new(StringComparer.Ordinal);

        /// <summary>Those of partials included.</summary>
        public List<ClauseSyntax> Clauses { get; } = [];

        /// <summary>The definitions that contain this partial.</summary>
        public List<Block> Users { get; } = [];

        /// <summary>Where the names in its text get their meaning: in itself, or, of a partial, in whatever contains it.</summary>
        public IReadOnlyList<Block> Contexts => Users.Count == 0 ? [this] : Users;

        public Member? Find(string name) => Members.GetValueOrDefault(name);
    }

    /// <summary>A relation or permission where it is written: once, however many definitions contain it.</summary>
    internal sealed class Member(Block owner, NameSyntax name, MemberSyntax syntax) : Declared(name, syntax.Tokens)
    {
        public Block Owner { get; } = owner;
        public MemberSyntax Syntax { get; } = syntax;
        public bool IsPermission => Syntax is PermissionSyntax;
    }

    internal sealed class Caveat(CaveatSyntax syntax) : Declared(syntax.Name, syntax.Header)
    {
        public CaveatSyntax Syntax { get; } = syntax;
    }

    /// <summary>A caveat's parameter.</summary>
    internal sealed class Parameter(Caveat owner, ParameterSyntax syntax) : Declared(syntax.Name, owner.Tokens)
    {
        public Caveat Owner { get; } = owner;
        public ParameterSyntax Syntax { get; } = syntax;
    }
}
