using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.OpenFga;

/// <summary>What the model declares, by name. Of two with one name the first counts, and the second is reported.</summary>
internal sealed class FgaSymbols
{
    private readonly Dictionary<string, FgaDeclaration.ObjectType> _types = [];
    private readonly Dictionary<(string Type, string Relation), FgaRelation> _relations = [];
    private readonly HashSet<string> _conditions = [];
    private readonly HashSet<(string Type, string Relation)> _usersets;

    public FgaSymbols(FgaModel model, DiagnosticBag diagnostics)
    {
        foreach (FgaDeclaration.ObjectType type in model.Types) Declare(type, diagnostics);
        foreach (FgaDeclaration.Condition condition in model.Conditions)
            if (!_conditions.Add(condition.Name.Text)) Twice("condition", condition.Name, diagnostics);
        _usersets = [.. Listed(model).SelectMany(UsersetOf)];
    }

    public IEnumerable<string> Types => _types.Keys;
    public IReadOnlySet<string> Conditions => _conditions;

    public FgaDeclaration.ObjectType? Type(string name) => _types.GetValueOrDefault(name);

    public FgaRelation? Relation(string type, string name) => _relations.GetValueOrDefault((type, name));

    public IEnumerable<string> RelationsOf(string type) => Type(type)?.Relations.Select(r => r.Name.Text) ?? [];

    /// <summary>
    /// Whether what is written and what is asked are two members: when a part is computed, and when a wildcard is listed that
    /// some userset carries on, which our language knows of permissions only.
    /// </summary>
    public bool IsSplit(string type, FgaRelation relation) =>
        relation.Direct is { } direct
        && (relation.IsComputed || (direct.Types.Any(t => t.IsWildcard) && _usersets.Contains((type, relation.Name.Text))));

    private void Declare(FgaDeclaration.ObjectType type, DiagnosticBag diagnostics)
    {
        if (!_types.TryAdd(type.Name.Text, type))
        {
            Twice("type", type.Name, diagnostics);
            return;
        }
        foreach (FgaRelation relation in type.Relations)
            if (!_relations.TryAdd((type.Name.Text, relation.Name.Text), relation)) Twice("relation", relation.Name, diagnostics);
    }

    private static void Twice(string what, NameSyntax name, DiagnosticBag diagnostics) =>
        diagnostics.Add(FgaCatalogue.Duplicate(name.Span, what, name.Text));

    private static IEnumerable<FgaTypeReference> Listed(FgaModel model) =>
        model.Types.SelectMany(t => t.Relations).SelectMany(r => r.Direct?.Types ?? []);

    private static IEnumerable<(string, string)> UsersetOf(FgaTypeReference listed) =>
        listed.Relation is { } relation ? [(listed.Type.Text, relation.Text)] : [];
}
