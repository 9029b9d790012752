using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// What documents a definition or member: the comments directly above it, without the marks of comments; so neither
/// formatting nor another style of comment changes it.
/// </summary>
internal static class DocComment
{
    private const string Blank = " \t\r";

    /// <summary>Its lines, joined by <c>\n</c>; null when there is none.</summary>
    public static string? Of(Token token)
    {
        ImmutableArray<Comment> comments = token.BlankLineBefore ? [] : token.Comments;
        int first = comments.Length;
        while (first > 0 && comments[first - 1].OnNewLine)      // what does not stand on a line of its own trails something
            if (comments[--first].BlankLineBefore) break;
        string text = first == comments.Length - 1
            ? Unmarked(comments[first])
            : string.Join('\n', comments[first..].Select(Unmarked).Where(line => line.Length > 0));
        return text.Length == 0 ? null : text;
    }

    private static string Unmarked(Comment comment)
    {
        ReadOnlySpan<char> text = comment.Text.AsSpan().TrimStart('/');
        if (comment.EndsItsLine) return text.Trim().ToString();
        if (comment.Text.EndsWith("*/", StringComparison.Ordinal)) text = comment.Text.AsSpan(..^2).TrimStart('/');
        return text.Contains('\n') ? UnmarkedLines(text.ToString()) : UnmarkedLine(text).ToString();
    }

    private static string UnmarkedLines(string text) =>
        string.Join('\n', text.Split('\n').Select(line => UnmarkedLine(line).ToString())).Trim('\n', ' ', '\t', '\r');

    private static ReadOnlySpan<char> UnmarkedLine(ReadOnlySpan<char> line) => line.Trim(Blank).TrimStart('*').Trim(Blank);
}
