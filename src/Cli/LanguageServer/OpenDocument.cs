using AuthzGraph.Graph;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Editing;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>A document as the editor has it now.</summary>
internal sealed record OpenDocument(string Uri, int? Version, EditedSchema Schema, PositionMap Positions)
{
    public static OpenDocument Of(string uri, int? version, string text, PositionUnit unit) =>
        new(uri, version, Edited(uri, text), new PositionMap(text, unit));

    /// <summary>What a document on disk imports is read from there, as it was saved last.</summary>
    private static EditedSchema Edited(string uri, string text) =>
        System.Uri.TryCreate(uri, UriKind.Absolute, out Uri? address) && address.IsFile && Path.GetDirectoryName(address.LocalPath) is { } folder
            ? new EditedSchema(new SchemaFile(Path.GetFileName(address.LocalPath), text), new EditorFolder(new SchemaFolder(folder)))
            : new EditedSchema(text);

    public int Offset(Position position) => Positions.OffsetOf(position);

    public LspRange Range(TextSpan span) => Positions.RangeOf(span);
}

/// <summary>A folder on disk; what cannot be read there is missing, since an editor wants an answer about the rest.</summary>
internal sealed class EditorFolder(SchemaFolder disk) : ISchemaFolder
{
    public SchemaRead Read(string path)
    {
        try
        {
            return disk.Read(path);
        }
        catch (IOException)
        {
            return new SchemaRead.Missing();
        }
    }
}
