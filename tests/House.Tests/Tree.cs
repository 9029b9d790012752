namespace AuthzGraph.House.Tests;

/// <summary>The source tree as files.</summary>
internal static class Tree
{
    public static string Root => Repository.Root;

    /// <summary>Every hand-written C# file below a folder, relative to the root, with forward slashes.</summary>
    public static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));
}
