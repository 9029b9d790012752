using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.OpenFga;

/// <summary>Lists the names that are others now, in the order of the model.</summary>
internal static class FgaChanges
{
    public static ImmutableArray<OpenFgaChange> Of(SourceText source, FgaModel model, FgaSymbols symbols, FgaNames names) =>
        [.. model.Declarations.SelectMany(declaration => declaration switch
        {
            FgaDeclaration.ObjectType type => OfType(source, type, symbols, names),
            FgaDeclaration.Condition condition => OfCondition(source, condition.Name, names.Condition(condition.Name.Text)),
            _ => throw new System.Diagnostics.UnreachableException(),
        })];

    private static IEnumerable<OpenFgaChange> OfCondition(SourceText source, NameSyntax name, string now)
    {
        if (now != name.Text) yield return new OpenFgaChange.Condition(source.PositionOf(name.Span.Start), name.Text, now);
    }

    private static IEnumerable<OpenFgaChange> OfType(SourceText source, FgaDeclaration.ObjectType type, FgaSymbols symbols, FgaNames names)
    {
        (string was, string now) = (type.Name.Text, names.Type(type.Name.Text));
        if (now != was) yield return new OpenFgaChange.ObjectType(source.PositionOf(type.Name.Span.Start), was, now);
        foreach (FgaRelation relation in type.Relations)
        {
            string name = relation.Name.Text;
            bool isSplit = symbols.IsSplit(was, relation);
            if (!isSplit && names.Relation(name) == name) continue;
            string asked = $"{now}#{names.Relation(name)}";
            string? written = isSplit ? $"{now}#{names.Direct(name)}" : relation.Direct is null ? null : asked;
            yield return new OpenFgaChange.Relation(source.PositionOf(relation.Name.Span.Start), $"{was}#{name}", asked, written);
        }
    }
}
