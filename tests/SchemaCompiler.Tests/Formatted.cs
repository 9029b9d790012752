namespace AuthzGraph.SchemaCompiler.Tests;

internal static class Formatted
{
    public static string Of(string text)
    {
        FormattedSchema formatted = SchemaFormatter.Format(text);
        Assert.Empty(formatted.Diagnostics);
        return Assert.IsType<string>(formatted.Text);
    }

    /// <summary>Formats a text that compiles, once and twice, and compares what the results mean and which comments they have.</summary>
    public static void KeepsMeaning(string text, CompiledSchema schema, string name)
    {
        string canonical = Of(text);
        Compilation again = Compilation.Of(canonical);

        Assert.True(again.Schema is not null, $"{name}: {string.Join("; ", again.Diagnostics)}\n{canonical}");
        Assert.Equal(SchemaText.Of(schema), SchemaText.Of(again.Schema));
        Assert.Equal(canonical, Of(canonical));
        Assert.Equal(Comments(text), Comments(canonical));
    }

    /// <summary>All characters outside white space and <c>;</c>, which formatting may not touch, <c>#...</c> aside.</summary>
    private static string Comments(string text) =>
        new([.. text.Replace("#...", "").Where(c => !char.IsWhiteSpace(c) && c is not (';' or '\uFEFF'))]);
}
