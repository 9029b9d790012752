using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>A diagnostic's code in the text, as in <c>// spicedb-ignore-warning: AZ0353</c>.</summary>
internal static class DiagnosticCode
{
    private const int Length = 6;

    /// <summary>The code around an offset; null when none is there.</summary>
    public static TextSpan? At(string text, int offset)
    {
        int start = offset, end = offset;
        while (start > 0 && char.IsAsciiLetterOrDigit(text[start - 1]) && offset - start < Length) start--;
        while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]) && end - offset < Length) end++;
        ReadOnlySpan<char> word = text.AsSpan(start, end - start);
        bool isCode = word.Length == Length && word.StartsWith("AZ", StringComparison.Ordinal) && !word[2..].ContainsAnyExceptInRange('0', '9');
        return isCode ? new TextSpan(start, Length) : null;
    }
}
