using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>What a text declares, as a tree in its order: definitions with their members, partials, caveats.</summary>
/// <param name="Span">All of it.</param>
/// <param name="NameSpan">Its name, within <paramref name="Span"/>.</param>
/// <param name="Detail">What it lists or computes; of a definition its role; null: nothing to say.</param>
public sealed record OutlineItem(string Name, NameKind Kind, string? Detail, TextSpan Span, TextSpan NameSpan, ImmutableArray<OutlineItem> Children);

internal static class Outline
{
    public static ImmutableArray<OutlineItem> Of(SchemaNames names, ResolvedFile file) =>
    [
        .. names.Blocks.Where(block => !block.Name.IsMissing && file.Has(block.Tokens)).Select(block => Of(file, block))
            .Concat(names.Caveats.Where(caveat => !caveat.Name.IsMissing && file.Has(caveat.Tokens)).Select(caveat => Of(file, caveat))).OrderBy(item => item.Span.Start),
    ];

    private static OutlineItem Of(ResolvedFile file, Declared.Block block)
    {
        RoleSyntax? role = block.Syntax.Members.OfType<RoleSyntax>().FirstOrDefault();
        string? detail = role is null ? null : role.Kind is { } kind ? $"{role.Keyword.Text} {kind.Text}" : role.Keyword.Text;
        TextSpan span = SpanOf(file, block.Tokens.Start, block.Syntax.CloseBrace);
        return new OutlineItem(block.Name.Text, Completions.KindOf(block), detail, span, file.Local(block.Name.Span), [.. Members(file, block)]);
    }

    private static IEnumerable<OutlineItem> Members(ResolvedFile file, Declared.Block block)
    {
        foreach (MemberSyntax syntax in block.Syntax.Members)
        {
            if (SchemaNames.NameOf(syntax) is not { IsMissing: false } name) continue;
            Declared.Member member = new(block, name, syntax);
            TextSpan span = SpanOf(file, syntax.Tokens.Start, syntax.Tokens.End - 1);
            yield return new OutlineItem(name.Text, Completions.KindOf(member), Detail(member), span, file.Local(name.Span), []);
        }
    }

    private static OutlineItem Of(ResolvedFile file, Declared.Caveat caveat) => new(
        caveat.Name.Text, NameKind.Caveat, Detail(caveat), SpanOf(file, caveat.Tokens.Start, caveat.Syntax.CloseBrace), file.Local(caveat.Name.Span), []);

    /// <summary>What stands behind the name.</summary>
    private static string? Detail(Declared declared)
    {
        string signature = Signature.Of(declared);
        int name = signature.IndexOf(declared.Name.Text, StringComparison.Ordinal);
        string rest = name < 0 ? "" : signature[(name + declared.Name.Text.Length)..].TrimStart(':', '=', ' ');
        return rest.Length == 0 ? null : rest;
    }

    private static TextSpan SpanOf(ResolvedFile file, int first, int last)
    {
        int start = file.Tokens[first].Span.Start;
        int end = file.Tokens[Math.Clamp(last, first, file.Tokens.Count - 1)].Span.End;
        return file.Local(new TextSpan(start, end - start));
    }
}
