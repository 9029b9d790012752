namespace AuthzGraph.Cli.LanguageServer;

/// <summary>A document as the editor has it now.</summary>
/// <param name="Path">Where it is on disk, in full; null: nowhere.</param>
internal sealed record OpenDocument(string Uri, int? Version, string Text, string? Path)
{
    public static OpenDocument Of(string uri, int? version, string text) => new(uri, version, text, FilePath.Of(uri));
}

/// <summary>The paths of files, as editors say them and as the disk does.</summary>
internal static class FilePath
{
    /// <summary>Null for what is no file.</summary>
    public static string? Of(string? uri)
    {
        bool isFile = Uri.TryCreate(uri, UriKind.Absolute, out Uri? address) && address.IsFile;
        string path = isFile ? address?.LocalPath ?? "" : "";
        return Path.IsPathFullyQualified(path) && !path.Contains('\0') ? Path.GetFullPath(path) : null;
    }

    public static string UriOf(string path) => new Uri(path).AbsoluteUri;

    /// <summary>From the folder of a schema, as the compiler says it: <c>people/user.authz</c>.</summary>
    public static string Within(string folder, string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');

    public static string FolderOf(string path) => Path.GetDirectoryName(path) ?? path;
}
