using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>
/// What a text declares, by name. Unlike the compiler's symbols it says nothing about mistakes and works on any text: an editor
/// asks while half a line is written.
/// </summary>
internal sealed class SchemaNames
{
    private readonly Dictionary<string, Declared.Block> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Declared.Block> _partials = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Declared.Caveat> _caveats = new(StringComparer.Ordinal);
    private readonly HashSet<Declared.Block> _open = [];
    private readonly HashSet<Declared.Block> _filled = [];
    private int _brought;

    public SchemaNames(SchemaSyntax syntax)
    {
        Syntax = syntax;
        foreach (TopLevelSyntax topLevel in syntax.TopLevel) Declare(topLevel);
        foreach (Declared.Block block in Blocks) Fill(block);
        foreach (Declared.Block definition in Blocks.Where(block => !block.IsPartial)) Join(definition, definition, 0);
    }

    public SchemaSyntax Syntax { get; }

    /// <summary>Definitions and partials in the author's order, those whose name is taken included.</summary>
    public List<Declared.Block> Blocks { get; } = [];

    public List<Declared.Caveat> Caveats { get; } = [];

    public IEnumerable<Declared.Block> Definitions => _definitions.Values;
    public IEnumerable<Declared.Block> Partials => _partials.Values;

    public Declared.Block? FindDefinition(string name) => _definitions.GetValueOrDefault(name);
    public Declared.Block? FindPartial(string name) => _partials.GetValueOrDefault(name);
    public Declared.Caveat? FindCaveat(string name) => _caveats.GetValueOrDefault(name);

    /// <summary>The definitions a relation lists, each once.</summary>
    public IEnumerable<Declared.Block> TypesOf(Declared.Member? member) =>
        member?.Syntax is RelationSyntax relation
            ? relation.Types.Select(type => FindDefinition(type.Type.Text)).OfType<Declared.Block>().Distinct()
            : [];

    private void Declare(TopLevelSyntax syntax)
    {
        if (syntax is CaveatSyntax caveatSyntax)
        {
            Declared.Caveat caveat = new(caveatSyntax);
            Caveats.Add(caveat);
            _caveats.TryAdd(caveat.Name.Text, caveat);
        }
        if (syntax is not DefinitionSyntax definition) return;
        Declared.Block block = new(definition);
        Blocks.Add(block);
        (block.IsPartial ? _partials : _definitions).TryAdd(block.Name.Text, block);
    }

    /// <summary>Its own members come first, then those of its partials, as for the compiler.</summary>
    private void Fill(Declared.Block block)
    {
        if (!_filled.Add(block)) return;
        _open.Add(block);
        foreach (MemberSyntax syntax in block.Syntax.Members)
        {
            if (NameOf(syntax) is { IsMissing: false } name) block.Members.TryAdd(name.Text, new Declared.Member(block, name, syntax));
            if (syntax is ClauseSyntax clause) block.Clauses.Add(clause);
        }
        foreach (Declared.Block partial in Splatted(block))
        {
            if (_open.Contains(partial) || _open.Count == CompilerLimits.Nesting) continue;
            Fill(partial);
            Bring(partial, block);
        }
        _open.Remove(block);
    }

    /// <summary>A short text cannot stand for an endless one: as for the compiler, what partials bring is counted.</summary>
    private void Bring(Declared.Block partial, Declared.Block block)
    {
        _brought += partial.Members.Count + partial.Clauses.Count;
        if (_brought > CompilerLimits.Ids) return;
        foreach ((string name, Declared.Member member) in partial.Members) block.Members.TryAdd(name, member);
        block.Clauses.AddRange(partial.Clauses);
    }

    private void Join(Declared.Block definition, Declared.Block within, int depth)
    {
        if (depth == CompilerLimits.Nesting) return;
        foreach (Declared.Block partial in Splatted(within))
        {
            bool isKnown = partial.Users.Count > 0 && partial.Users[^1] == definition;
            if (isKnown || ++_brought > CompilerLimits.Ids) continue;
            partial.Users.Add(definition);
            Join(definition, partial, depth + 1);
        }
    }

    private IEnumerable<Declared.Block> Splatted(Declared.Block block) =>
        block.Syntax.Members.OfType<SplatSyntax>().Select(splat => FindPartial(splat.Partial.Text)).OfType<Declared.Block>();

    public static NameSyntax? NameOf(MemberSyntax syntax) => syntax switch
    {
        RelationSyntax relation => relation.Name,
        PermissionSyntax permission => permission.Name,
        _ => null,
    };
}
