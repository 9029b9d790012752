using System.Text;
using System.Text.Json;

namespace AuthzGraph.Cli.Tests.LanguageServer;

/// <summary>
/// A document with <c>‸</c> where the cursor is and <c>[brackets]</c> around the places an answer should name; neither is part of
/// its text. Lines and characters are counted here by themselves.
/// </summary>
internal sealed record MarkedDocument(string Text, int Cursor, IReadOnlyList<(int Start, int End)> Spans)
{
    public const string Uri = "file:///schemas/marked.authz";

    public static MarkedDocument Of(string marked)
    {
        StringBuilder text = new();
        List<(int, int)> spans = [];
        int cursor = 0, start = 0;
        foreach (char c in marked)
        {
            if (c == '[') start = text.Length;
            else if (c == ']') spans.Add((start, text.Length));
            else if (c == '‸') cursor = text.Length;
            else text.Append(c);
        }
        return new MarkedDocument(text.ToString(), cursor, spans);
    }

    public object Place(bool utf8 = false) => new { textDocument = new { uri = Uri }, position = Position(Cursor, utf8) };

    public object Position(int offset, bool utf8 = false)
    {
        string before = Text[..offset];
        string line = before[(before.LastIndexOf('\n') + 1)..];
        return new { line = before.Count(c => c == '\n'), character = utf8 ? Encoding.UTF8.GetByteCount(line) : line.Length };
    }

    /// <summary>The marked places as the protocol says them, <c>line:character-line:character</c>.</summary>
    public string Marks(bool utf8 = false) => string.Join(' ', Spans.Select(span => $"{Show(span.Start, utf8)}-{Show(span.End, utf8)}"));

    private string Show(int offset, bool utf8)
    {
        JsonElement position = JsonSerializer.SerializeToElement(Position(offset, utf8));
        return $"{position.GetProperty("line")}:{position.GetProperty("character")}";
    }

    /// <summary>Ranges, or what has a range, in the same form and in the order of the text.</summary>
    public static string Show(IEnumerable<JsonElement> ranges) => string.Join(' ', ranges
        .Select(found => found.TryGetProperty("range", out JsonElement range) ? range : found)
        .OrderBy(range => range.GetProperty("start").GetProperty("line").GetInt32()).ThenBy(range => range.GetProperty("start").GetProperty("character").GetInt32())
        .Select(range => $"{Show(range.GetProperty("start"))}-{Show(range.GetProperty("end"))}"));

    private static string Show(JsonElement position) => $"{position.GetProperty("line")}:{position.GetProperty("character")}";
}
