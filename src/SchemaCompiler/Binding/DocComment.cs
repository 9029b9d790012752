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
        ReadOnlySpan<Comment> comments = token.BlankLineBefore ? [] : token.Comments;
        int first = comments.Length;
        while (first > 0 && comments[first - 1].OnNewLine)      // what does not stand on a line of its own trails something
            if (comments[--first].BlankLineBefore) break;
        string text = "";
        if (first == comments.Length - 1) text = Unmarked(comments[first]);
        else if (first < comments.Length) text = string.Join('\n', comments[first..].ToArray().Select(Unmarked).Where(said => said.Length > 0));
        return text.Length == 0 ? null : text;
    }

    private static string Unmarked(Comment comment)
    {
        ReadOnlySpan<char> text = comment.Characters;
        if (comment.EndsItsLine) return text.TrimStart('/').Trim().ToString();
        if (text.EndsWith("*/", StringComparison.Ordinal)) text = text[..^2];
        text = text.TrimStart('/');
        return text.Contains('\n') ? UnmarkedLines(text.ToString()) : UnmarkedLine(text).ToString();
    }

    private static string UnmarkedLines(string text) =>
        string.Join('\n', text.Split('\n').Select(line => UnmarkedLine(line).ToString())).Trim('\n', ' ', '\t', '\r');

    private static ReadOnlySpan<char> UnmarkedLine(ReadOnlySpan<char> line) => line.Trim(Blank).TrimStart('*').Trim(Blank);
}
