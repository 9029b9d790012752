using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Editing;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>
/// Finds the file that a document's schema is compiled from: a document may be imported by another, and means what it means there.
/// Looked for in its folder and in those above it, up to the folder that the editor has open.
/// </summary>
internal sealed class FirstFile(string? workspace, Func<string, string?> textOf)
{
    private const int MaxFolders = 16, MaxFiles = 100;

    private static readonly string[] Extensions = [".authz", ".zed"];

    /// <summary>Its full path: of several that import the document the one with the most files, or the document itself.</summary>
    public string Of(string document)
    {
        (string Path, int Files) best = (document, 0);
        foreach (string folder in FoldersFrom(FilePath.FolderOf(document)))
            foreach (string candidate in CandidatesIn(folder))
                if (candidate != document && FilesWith(candidate, folder, document) is { } files && files > best.Files) best = (candidate, files);
        return best.Path;
    }

    /// <summary>How many files a schema has that has the document; null: it hasn't.</summary>
    private int? FilesWith(string first, string folder, string document)
    {
        EditorFolder files = new(folder, textOf);
        string name = Path.GetFileName(first);
        if (files.Read(name) is not SchemaRead.Found { Text: var text } || !text.Contains("import", StringComparison.Ordinal)) return null;
        EditedSchema schema = new(new SchemaFile(name, text), files);
        return schema.Paths.Contains(FilePath.Within(folder, document)) ? schema.Paths.Length : null;
    }

    private IEnumerable<string> FoldersFrom(string folder)
    {
        bool isInside = workspace is not null && !FilePath.Within(workspace, folder).StartsWith("..", StringComparison.Ordinal);
        for (int i = 0; i < MaxFolders; i++)
        {
            yield return folder;
            if (!isInside || folder == workspace || Path.GetDirectoryName(folder) is not { } above) yield break;
            folder = above;
        }
    }

    /// <summary>None where nothing can be read.</summary>
    private static IEnumerable<string> CandidatesIn(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Where(file => Extensions.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal).Take(MaxFiles)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
