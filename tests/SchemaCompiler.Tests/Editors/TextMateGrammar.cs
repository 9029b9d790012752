using System.Text.Json;
using System.Text.RegularExpressions;

namespace AuthzGraph.SchemaCompiler.Tests.Editors;

/// <summary>
/// Reads a TextMate grammar as an editor does, line by line: the leftmost match counts, of several the end of the open rule,
/// then the first listed. What our grammar uses of it: match, begin and end, captures, include, name, contentName.
/// </summary>
internal sealed class TextMateGrammar(JsonElement grammar)
{
    private readonly Dictionary<string, Regex> _expressions = [];

    public static TextMateGrammar Load(string path) => new(JsonDocument.Parse(File.ReadAllText(path)).RootElement);

    /// <summary>A piece of text and the innermost name given to it; null where no rule named it.</summary>
    public readonly record struct Piece(string Text, string? Scope);

    public IEnumerable<string> AllExpressions => Expressions(grammar);

    public List<Piece> Tokenize(string text)
    {
        string?[] scopes = new string?[text.Length];
        Stack<Open> open = new([new Open(grammar, null)]);
        int start = 0;
        foreach (string line in text.Split('\n').Select(line => line + "\n"))
        {
            Line(line, start, scopes, open);
            start += line.Length;
        }
        Assert.Single(open);        // nothing is left open
        return [.. Pieces(text, scopes)];
    }

    private sealed record Open(JsonElement Rule, string? Scope);

    private void Line(string line, int start, string?[] scopes, Stack<Open> open)
    {
        for (int at = 0, steps = 0; at < line.Length; steps++)
        {
            Assert.True(steps < 1_000, $"no end of {line}");
            Open current = open.Peek();
            Match? end = Text(current.Rule, "end") is { } closing ? Expression(closing).Match(line, at) : null;
            (JsonElement Rule, Match Match)? first = First(current.Rule, line, at);
            bool closes = end is { Success: true } && (first is null || end.Index <= first.Value.Match.Index);
            Match? match = closes ? end : first?.Match;
            Name(scopes, start + at, start + (match?.Index ?? line.Length), current.Scope);
            if (match is null) return;
            if (closes) Named(current.Rule, match, "endCaptures", Text(current.Rule, "name"), scopes, start);
            else if (first is { } found) Enter(found.Rule, match, current, scopes, start, open);
            if (closes) open.Pop();
            at = match.Index + match.Length;
        }
    }

    private static void Enter(JsonElement rule, Match match, Open current, string?[] scopes, int start, Stack<Open> open)
    {
        string? scope = Text(rule, "name") ?? current.Scope;
        bool opens = Text(rule, "begin") is not null;
        Assert.True(opens || match.Length > 0, $"`{match}` stands still");
        Named(rule, match, opens ? "beginCaptures" : "captures", scope, scopes, start);
        if (opens) open.Push(new Open(rule, Text(rule, "contentName") ?? scope));
    }

    private (JsonElement, Match)? First(JsonElement rule, string line, int at)
    {
        (JsonElement, Match)? first = null;
        foreach (JsonElement inner in Inner(rule))
        {
            Match match = Expression(Text(inner, "match") ?? Text(inner, "begin") ?? throw new InvalidDataException("a rule without match")).Match(line, at);
            if (match.Success && (first is null || match.Index < first.Value.Item2.Index)) first = (inner, match);
        }
        return first;
    }

    private IEnumerable<JsonElement> Inner(JsonElement rule) =>
        rule.TryGetProperty("patterns", out JsonElement patterns) ? patterns.EnumerateArray().SelectMany(Resolved) : [];

    private IEnumerable<JsonElement> Resolved(JsonElement rule)
    {
        if (Text(rule, "include") is { } name) return Resolved(grammar.GetProperty("repository").GetProperty(name.TrimStart('#')));
        return Text(rule, "match") is null && Text(rule, "begin") is null ? Inner(rule) : [rule];
    }

    private static void Named(JsonElement rule, Match match, string captures, string? scope, string?[] scopes, int start)
    {
        Name(scopes, start + match.Index, start + match.Index + match.Length, scope);
        if (!rule.TryGetProperty(captures, out JsonElement named)) return;
        foreach (JsonProperty capture in named.EnumerateObject())
        {
            Group group = match.Groups[int.Parse(capture.Name)];
            if (group.Success) Name(scopes, start + group.Index, start + group.Index + group.Length, Text(capture.Value, "name"));
        }
    }

    private static void Name(string?[] scopes, int start, int end, string? scope)
    {
        for (int i = start; i < Math.Min(end, scopes.Length); i++) scopes[i] = scope;
    }

    private static IEnumerable<Piece> Pieces(string text, string?[] scopes)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            for (end = start + 1; end < text.Length && scopes[end] == scopes[start];) end++;
            string piece = text[start..end].Trim();
            if (piece.Length > 0) yield return new Piece(piece, scopes[start]);
        }
    }

    private Regex Expression(string pattern)
    {
        if (!_expressions.TryGetValue(pattern, out Regex? expression)) _expressions[pattern] = expression = new Regex(pattern, RegexOptions.CultureInvariant);
        return expression;
    }

    private static string? Text(JsonElement rule, string property) =>
        rule.TryGetProperty(property, out JsonElement value) ? value.GetString() : null;

    private static IEnumerable<string> Expressions(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(p => p.Name is "match" or "begin" or "end" && p.Value.ValueKind == JsonValueKind.String
            ? [p.Value.GetString() ?? ""]
            : Expressions(p.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Expressions),
        _ => [],
    };
}
