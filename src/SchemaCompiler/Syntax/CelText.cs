using System.Text;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>What a schema needs to know of the text of a caveat: where its strings and comments are, and where it ends.</summary>
internal static class CelText
{
    /// <summary>The closing brace of the text that begins at <paramref name="start"/>, past strings and comments; or the end.</summary>
    public static int EndOf(string text, int start)
    {
        int open = 1;
        int position = start;
        while (position < text.Length)
        {
            if (text[position] == '{') open++;
            if (text[position] == '}' && --open == 0) return position;
            position = Next(text, position);
        }
        return text.Length;
    }

    /// <summary>Bytes of UTF-8 outside white space and comments.</summary>
    public static int SignificantBytes(string text)
    {
        int bytes = 0;
        for (int position = 0; position < text.Length;)
        {
            int next = Next(text, position);
            bool counts = !IsComment(text, position) && !char.IsWhiteSpace(text[position]);
            if (counts) bytes += Encoding.UTF8.GetByteCount(text.AsSpan(position, next - position));
            position = next;
        }
        return bytes;
    }

    /// <summary>Where the text stands without the white space around it.</summary>
    public static TextSpan Trimmed(NameSyntax body)
    {
        int leading = body.Text.Length - body.Text.AsSpan().TrimStart().Length;
        return new TextSpan(body.Span.Start + leading, body.Text.AsSpan().Trim().Length);
    }

    /// <summary>After the string, comment or character at a position.</summary>
    private static int Next(string text, int position)
    {
        if (IsComment(text, position)) return EndOfLine(text, position);
        if (text[position] is not ('"' or '\'')) return position + 1;
        int end = EndOfString(text, position, IsRaw(text, position));
        return end < 0 ? position + 1 : end;
    }

    /// <summary>After the closing quote of a string in one or three quotes; -1 when it is not closed.</summary>
    /// <param name="isRaw">A backslash is nothing special in it.</param>
    public static int EndOfString(string text, int start, bool isRaw = false)
    {
        char quote = text[start];
        string triple = new(quote, 3);
        bool isTriple = text.AsSpan(start).StartsWith(triple, StringComparison.Ordinal);
        for (int i = start + (isTriple ? 3 : 1); i < text.Length; i++)
        {
            if (!isTriple && IsNewline(text[i])) return -1;
            if (text[i] == '\\' && !isRaw) i++;
            else if (!isTriple && text[i] == quote) return i + 1;
            else if (isTriple && text.AsSpan(i).StartsWith(triple, StringComparison.Ordinal)) return i + 3;
        }
        return -1;
    }

    /// <summary>What stands between the quotes of a whole string, backslashes as they are.</summary>
    public static string Unquoted(string text)
    {
        int quotes = text.Length >= 6 && text.StartsWith(new string(text[0], 3), StringComparison.Ordinal) ? 3 : 1;
        return text[quotes..^quotes];
    }

    public static int EndOfLine(string text, int start)
    {
        int end = start;
        while (end < text.Length && !IsNewline(text[end])) end++;
        return end;
    }

    /// <summary>A prefix of <c>r</c>, <c>br</c> or <c>rb</c>, in any case.</summary>
    private static bool IsRaw(string text, int quote)
    {
        int start = quote;
        while (start > 0 && quote - start < 3 && char.IsLetterOrDigit(text[start - 1])) start--;
        return text[start..quote].ToLowerInvariant() is "r" or "br" or "rb";
    }

    private static bool IsComment(string text, int position) =>
        text[position] == '/' && position + 1 < text.Length && text[position + 1] == '/';

    private static bool IsNewline(char c) => c is '\n' or '\r';
}
