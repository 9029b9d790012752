using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>The members of a definition or partial with those its splats stand for.</summary>
/// <param name="IsIncomplete">Some may be missing because of what was reported already.</param>
internal sealed record MemberList(ImmutableArray<MemberSyntax> Members, bool IsIncomplete);

/// <summary>
/// Replaces splats by the members they stand for, before anything else is resolved. Every partial is resolved once, used or not;
/// what partials bring is counted, so that a short text cannot stand for an endless one.
/// </summary>
internal sealed class PartialBinder
{
    private readonly Dictionary<string, DefinitionSyntax> _partials = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MemberList> _resolved = new(StringComparer.Ordinal);
    private readonly List<string> _open = [];
    private readonly DiagnosticBag _diagnostics;
    private readonly bool _isIncomplete;
    private int _brought;

    public PartialBinder(SchemaSyntax syntax, DiagnosticBag diagnostics)
    {
        _diagnostics = diagnostics;
        _isIncomplete = syntax.IsIncomplete;
        foreach (DefinitionSyntax partial in syntax.TopLevel.OfType<DefinitionSyntax>())
            if (partial is { IsPartial: true, Name.IsMissing: false } && !_partials.TryAdd(partial.Name.Text, partial))
                diagnostics.Add(CaveatCatalogue.SharedName(
                    partial.Name.Span, partial.Name.Text, "partial", diagnostics.Elsewhere(_partials[partial.Name.Text].Name.Span, partial.Name.Span)));
        foreach (DefinitionSyntax partial in _partials.Values) Resolve(partial, partial.Name);
    }

    public DefinitionSyntax? Find(string name) => _partials.GetValueOrDefault(name);

    public MemberList MembersOf(DefinitionSyntax definition) => definition.Members.Any(member => member is SplatSyntax)
        ? WithSplats(definition)
        : new MemberList(definition.Members, definition.IsIncomplete);

    private MemberList WithSplats(DefinitionSyntax definition)
    {
        var members = ImmutableArray.CreateBuilder<MemberSyntax>();
        HashSet<string> names = [.. definition.Members.Select(NameOf).OfType<NameSyntax>().Select(name => name.Text)];
        HashSet<MemberSyntax> clauses = new(ReferenceEqualityComparer.Instance);
        bool isIncomplete = definition.IsIncomplete;
        foreach (MemberSyntax member in definition.Members)
        {
            if (member is not SplatSyntax splat) members.Add(member);
            else if (Find(splat.Partial) is not { } partial) isIncomplete = true;
            else
            {
                isIncomplete |= partial.IsIncomplete;
                foreach (MemberSyntax brought in partial.Members)
                    if (NameOf(brought) is { } name ? names.Add(name.Text) : clauses.Add(brought)) members.Add(brought);
                    else _diagnostics.Add(CaveatCatalogue.SplatClash(splat.Partial.Span, splat.Partial.Text, Describe(brought)));
            }
        }
        return new MemberList(members.ToImmutable(), isIncomplete);
    }

    private static NameSyntax? NameOf(MemberSyntax member) => member switch
    {
        RelationSyntax relation => relation.Name,
        PermissionSyntax permission => permission.Name,
        _ => null,
    };

    private static string Describe(MemberSyntax member) => member is ClauseSyntax clause ? clause.Keyword.Text : NameOf(member)?.Text ?? "";

    /// <summary>Null when there is none, or too much came of it, which is then reported.</summary>
    private MemberList? Find(NameSyntax name)
    {
        if (!_partials.TryGetValue(name.Text, out DefinitionSyntax? partial))
        {
            if (!_isIncomplete)
                _diagnostics.Add(CaveatCatalogue.MissingPartial(name.Span, name.Text, _diagnostics.Nearest(name.Text, _partials.Keys)));
            return null;
        }
        if (Resolve(partial, name) is not { } members) return null;
        _brought += members.Members.Length;
        if (_brought <= CompilerLimits.Ids) return members;
        _diagnostics.Add(Catalogue.TooManyIds(name.Span, "members brought by partials"));
        return null;
    }

    private MemberList? Resolve(DefinitionSyntax partial, NameSyntax at)
    {
        string name = partial.Name.Text;
        if (_resolved.TryGetValue(name, out MemberList? known)) return known;
        if (_open.Contains(name)) return Refuse(CaveatCatalogue.CircularPartial(at.Span, name, Circle(name)));
        if (_open.Count == CompilerLimits.Nesting) return Refuse(CaveatCatalogue.PartialsNestTooDeep(at.Span));
        _open.Add(name);
        MemberList members = MembersOf(partial);
        _open.RemoveAt(_open.Count - 1);
        _resolved.Add(name, members);
        return members;
    }

    private string Circle(string name) =>
        string.Join(" → ", _open.Skip(_open.IndexOf(name)).Append(name).Select(step => $"`{Catalogue.Shorten(step)}`").Take(10));

    private MemberList? Refuse(Diagnostic why)
    {
        _diagnostics.Add(why);
        return null;
    }
}
