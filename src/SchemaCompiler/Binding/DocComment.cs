using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// What documents a definition or member: the comments directly above it, without the marks of comments; so neither
/// formatting nor another style of comment changes it.
/// </summary>
internal static class DocComment
{
    private static readonly char[] Blank = [' ', '\t', '\r'];

    /// <summary>Its lines, joined by <c>\n</c>; null when there is none.</summary>
    public static string? Of(Token token)
    {
        if (token.BlankLineBefore || token.Comments.IsEmpty) return null;
        List<Comment> above = [];
        foreach (Comment comment in token.Comments.Reverse())
        {
            bool trailsSomething = !comment.OnNewLine;
            if (trailsSomething) break;
            above.Insert(0, comment);
            if (comment.BlankLineBefore) break;
        }
        string text = string.Join('\n', above.Select(Unmarked).Where(t => t.Length > 0));
        return text.Length == 0 ? null : text;
    }

    private static string Unmarked(Comment comment)
    {
        if (comment.EndsItsLine) return comment.Text.TrimStart('/').Trim();
        string inner = comment.Text.EndsWith("*/", StringComparison.Ordinal) ? comment.Text[..^2] : comment.Text;
        return string.Join('\n', inner.TrimStart('/').Split('\n').Select(UnmarkedLine)).Trim('\n', ' ', '\t', '\r');
    }

    private static string UnmarkedLine(string line) => line.Trim(Blank).TrimStart('*').Trim(Blank);
}
