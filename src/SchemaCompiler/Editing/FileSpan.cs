namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>A place in a file of a schema.</summary>
/// <param name="File">As <see cref="SchemaFile.Path"/>; empty: the text that is in no file.</param>
/// <param name="Span">Offsets in that file.</param>
public readonly record struct FileSpan(string File, TextSpan Span);

/// <summary>Texts by their paths.</summary>
internal sealed class TextFolder(IReadOnlyDictionary<string, string> texts) : ISchemaFolder
{
    public SchemaRead Read(string path) => texts.TryGetValue(path, out string? text) ? new SchemaRead.Found(text) : new SchemaRead.Missing();
}
