using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.OpenFga;

/// <summary>Reports names that mean nothing, and what our language has no counterpart of.</summary>
internal sealed class FgaCheck(FgaSymbols symbols, DiagnosticBag diagnostics)
{
    public static void Report(FgaModel model, FgaSymbols symbols, DiagnosticBag diagnostics)
    {
        FgaCheck check = new(symbols, diagnostics);
        foreach (FgaDeclaration.ObjectType type in model.Types)
            foreach (FgaExpression part in type.Relations.SelectMany(r => r.Rewrite.All)) check.Part(type.Name.Text, part);
    }

    private void Part(string type, FgaExpression part)
    {
        if (part is FgaExpression.Direct direct)
            foreach (FgaTypeReference listed in direct.Types) Listed(listed);
        else if (part is FgaExpression.Reference reference) Find(type, reference.Relation);
        else if (part is FgaExpression.From from) From(type, from);
    }

    private void Listed(FgaTypeReference listed)
    {
        if (listed.Condition is { } condition && !symbols.Conditions.Contains(condition.Text))
            diagnostics.Add(FgaCatalogue.MissingCondition(condition.Span, condition.Text, diagnostics.Nearest(condition.Text, symbols.Conditions)));
        if (symbols.Type(listed.Type.Text) is null)
            diagnostics.Add(FgaCatalogue.MissingType(listed.Type.Span, listed.Type.Text, diagnostics.Nearest(listed.Type.Text, symbols.Types)));
        else if (listed.Relation is { } relation) Find(listed.Type.Text, relation);
    }

    private FgaRelation? Find(string type, NameSyntax name)
    {
        FgaRelation? relation = symbols.Relation(type, name.Text);
        if (relation is null)
            diagnostics.Add(FgaCatalogue.MissingRelation(name.Span, type, name.Text, diagnostics.Nearest(name.Text, symbols.RelationsOf(type))));
        return relation;
    }

    private void From(string type, FgaExpression.From from)
    {
        if (Find(type, from.Tupleset) is not { } tupleset) return;
        NameSyntax at = from.Tupleset;
        if (tupleset.IsComputed || tupleset.Direct is not { } direct) diagnostics.Add(FgaCatalogue.FromComputed(at.Span, at.Text));
        else if (direct.Types.FirstOrDefault(t => !t.IsPlain) is { } many)
            diagnostics.Add(FgaCatalogue.FromMany(at.Span, at.Text, TextOf(many)));
        else if (direct.Types.All(t => symbols.Relation(t.Type.Text, from.Relation.Text) is null))
            diagnostics.Add(FgaCatalogue.FromNowhere(from.Relation.Span, from.Relation.Text, at.Text, Nearest(from.Relation.Text, direct)));
    }

    private string? Nearest(string relation, FgaExpression.Direct direct) =>
        diagnostics.Nearest(relation, direct.Types.SelectMany(t => symbols.RelationsOf(t.Type.Text)));

    private static string TextOf(FgaTypeReference listed) =>
        listed.Relation is { } relation ? $"{listed.Type.Text}#{relation.Text}" : $"{listed.Type.Text}:*";
}
