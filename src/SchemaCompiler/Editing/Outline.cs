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
    public static ImmutableArray<OutlineItem> Of(SchemaNames names) =>
    [
        .. names.Blocks.Where(block => !block.Name.IsMissing).Select(block => Of(names, block))
            .Concat(names.Caveats.Where(caveat => !caveat.Name.IsMissing).Select(caveat => Of(names, caveat))).OrderBy(item => item.Span.Start),
    ];

    private static OutlineItem Of(SchemaNames names, Declared.Block block)
    {
        RoleSyntax? role = block.Syntax.Members.OfType<RoleSyntax>().FirstOrDefault();
        string? detail = role is null ? null : role.Kind is { } kind ? $"{role.Keyword.Text} {kind.Text}" : role.Keyword.Text;
        TextSpan span = SpanOf(names, block.Tokens.Start, block.Syntax.CloseBrace);
        return new OutlineItem(block.Name.Text, Completions.KindOf(block), detail, span, block.Name.Span, [.. Members(names, block)]);
    }

    private static IEnumerable<OutlineItem> Members(SchemaNames names, Declared.Block block)
    {
        foreach (MemberSyntax syntax in block.Syntax.Members)
        {
            if (SchemaNames.NameOf(syntax) is not { IsMissing: false } name) continue;
            Declared.Member member = new(block, name, syntax);
            TextSpan span = SpanOf(names, syntax.Tokens.Start, syntax.Tokens.End - 1);
            yield return new OutlineItem(name.Text, Completions.KindOf(member), Detail(names, member), span, name.Span, []);
        }
    }

    private static OutlineItem Of(SchemaNames names, Declared.Caveat caveat) => new(
        caveat.Name.Text, NameKind.Caveat, Detail(names, caveat), SpanOf(names, caveat.Tokens.Start, caveat.Syntax.CloseBrace), caveat.Name.Span, []);

    /// <summary>What stands behind the name.</summary>
    private static string? Detail(SchemaNames names, Declared declared)
    {
        string signature = Signature.Of(declared);
        int name = signature.IndexOf(declared.Name.Text, StringComparison.Ordinal);
        string rest = name < 0 ? "" : signature[(name + declared.Name.Text.Length)..].TrimStart(':', '=', ' ');
        return rest.Length == 0 ? null : rest;
    }

    private static TextSpan SpanOf(SchemaNames names, int first, int last)
    {
        int start = names.Syntax.Tokens[first].Span.Start;
        int end = names.Syntax.Tokens[Math.Clamp(last, first, names.Syntax.Tokens.Length - 1)].Span.End;
        return new TextSpan(start, end - start);
    }
}
