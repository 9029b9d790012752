using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Formatting;

/// <summary>A comment as it is printed: lines that begin with <c>*</c> under the first one's, other lines where they were.</summary>
internal static class CommentText
{
    public static string Of(Comment comment, int indent)
    {
        string text = comment.Characters.ToString();
        if (comment.EndsItsLine) return text;
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        return string.Join('\n', lines.Select((line, i) => i == 0 ? line.TrimEnd() : Continued(line, indent)));
    }

    private static string Continued(string line, int indent)
    {
        string said = line.Trim();
        return said.StartsWith('*') ? new string(' ', indent + 1) + said : line.TrimEnd();
    }
}
