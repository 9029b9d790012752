using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Formatting;

/// <summary>
/// A caveat's expression as it is printed: the author's lines, moved together so that the least indented one stands at the
/// indent. Text with strings that may span lines is not moved.
/// </summary>
internal static class CaveatBody
{
    private const string Tab = "    ";

    public static ImmutableArray<string> Lines(string body, int indent)
    {
        bool maySpanLines = body.Contains("\"\"\"", StringComparison.Ordinal) || body.Contains("'''", StringComparison.Ordinal);
        string text = body.Trim();
        if (maySpanLines) return [new string(' ', indent) + text];
        string[] lines = [.. text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())];
        string[] others = [.. lines.Skip(1).Select(Untabbed)];
        int[] indents = [.. others.Where(line => line.Length > 0).Select(Indentation)];
        int? first = StartsLine(body) ? Indentation(FirstLine(body)) : null;
        int common = indents.Append(first ?? indents.FirstOrDefault()).Min();
        return [Placed((first ?? common) - common, lines[0], indent),
            .. others.Select(line => line.Length == 0 ? "" : Placed(0, line[common..], indent))];
    }

    private static string Placed(int more, string line, int indent) => new string(' ', indent + more) + line;

    private static bool StartsLine(string body) => body.AsSpan(0, body.Length - body.TrimStart().Length).ContainsAny('\n', '\r');

    /// <summary>The first line that says something, from its beginning.</summary>
    private static string FirstLine(string body)
    {
        int said = body.Length - body.TrimStart().Length;
        int start = body.AsSpan(0, said).LastIndexOfAny('\n', '\r') + 1;
        return Untabbed(body[start..]);
    }

    private static string Untabbed(string line)
    {
        string said = line.TrimStart();
        return line[..(line.Length - said.Length)].Replace("\t", Tab, StringComparison.Ordinal) + said;
    }

    private static int Indentation(string line) => line.Length - line.TrimStart().Length;
}
