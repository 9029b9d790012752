using AuthzGraph.SchemaCompiler.OpenFga;

namespace AuthzGraph.SchemaCompiler.Tests.OpenFga;

/// <summary>OpenFGA models in, schemas out.</summary>
internal static class Translated
{
    /// <summary>A model without its first two lines.</summary>
    public static OpenFgaTranslation From(string declarations) => OpenFgaImport.Translate($"model\n  schema 1.1\n{declarations}");

    /// <summary>The schema of a model that translates; it is in canonical form and compiles with exactly these warnings.</summary>
    /// <param name="warnings">Code and place, <c>AZ0353 parent->owner</c>, in the order of the schema: OpenFGA's arrows do point at relations.</param>
    public static string Schema(string declarations, params string[] warnings)
    {
        OpenFgaTranslation translation = From(declarations);
        Assert.Empty(translation.Diagnostics);
        string schema = Assert.IsType<string>(translation.Schema);
        Assert.Equal(warnings, Compilation.Of(schema).Diagnostics.Select(d => $"{d.Code} {schema.Substring(d.Span.Start, d.Span.Length)}"));
        Assert.Equal(Formatted.Of(schema), schema);
        return schema;
    }

    public static string Changes(string declarations) => string.Join('\n', From(declarations).Changes);

    /// <summary>Demands one error of this code per pair of <c>«»</c>, there and nowhere else, and no schema.</summary>
    public static void Refuses(string code, string marked)
    {
        OpenFgaTranslation translation = OpenFgaImport.Translate(marked.Replace("«", "").Replace("»", ""));
        List<string> expected = [];
        for (int open = marked.IndexOf('«'), marks = 0; open >= 0; open = marked.IndexOf('«', open + 1), marks += 2)
            expected.Add($"{code} at {open - marks}, {marked.IndexOf('»', open) - open - 1} long");
        Assert.Equal(expected, translation.Diagnostics.Select(d => $"{d.Code} at {d.Span.Start}, {d.Span.Length} long"));
        Assert.Null(translation.Schema);
    }
}
