namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>Schema text with <c>[brackets]</c> around what diagnostics should point at; brackets mean nothing in a schema.</summary>
internal static class Marked
{
    /// <summary>Compiles the text without brackets and demands exactly one diagnostic of this code per pair of brackets, and no other.</summary>
    public static void Says(string code, string marked)
    {
        (string text, List<TextSpan> spans) = Read(marked);
        Compilation compilation = Compilation.Of(text);

        Assert.Equal(Show(text, spans.Select(s => (code, s))), Show(text, compilation.Diagnostics.Select(d => (d.Code, d.Span))));
        Assert.Equal(compilation.Diagnostics.Any(d => d.Severity == Severity.Error), compilation.Schema is null);
    }

    public static (string Text, List<TextSpan> Spans) Read(string marked)
    {
        System.Text.StringBuilder text = new();
        List<TextSpan> spans = [];
        int start = 0;
        foreach (char c in marked)
        {
            if (c == '[') start = text.Length;
            else if (c == ']') spans.Add(new TextSpan(start, text.Length - start));
            else text.Append(c);
        }
        return (text.ToString(), spans);
    }

    private static string Show(string text, IEnumerable<(string Code, TextSpan Span)> found) =>
        string.Join("\n", found.OrderBy(f => f.Span.Start).Select(f => $"{f.Code} at {f.Span.Start} `{text.Substring(f.Span.Start, f.Span.Length)}`"));
}
