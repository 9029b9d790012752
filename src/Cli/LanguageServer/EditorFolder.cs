using AuthzGraph.Graph;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>
/// A folder as the editor sees it: what is open as it is there, the rest as it is on disk. What cannot be read is missing, since
/// an editor wants an answer about the rest.
/// </summary>
/// <param name="textOf">The text of an open document by its full path; null: not open.</param>
internal sealed class EditorFolder(string folder, Func<string, string?> textOf) : ISchemaFolder
{
    private readonly SchemaFolder _disk = new(folder);

    public SchemaRead Read(string path)
    {
        if (textOf(Path.GetFullPath(Path.Combine(folder, path))) is { } text) return new SchemaRead.Found(text);
        try
        {
            return _disk.Read(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return new SchemaRead.Missing();
        }
    }
}
