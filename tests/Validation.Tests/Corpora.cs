namespace AuthzGraph.Validation.Tests;

/// <summary>Finds the repository, and beside it the public test data that is not part of it.</summary>
internal static class Corpora
{
    /// <summary>The folder of AuthzGraph.sln.</summary>
    public static string Repository { get; } = FindRepository();

    public static string PathOf(string corpus) => Path.GetFullPath(Path.Combine(Repository, "..", "shared", "corpora", corpus));

    public static IReadOnlyList<string> Files(string corpus, string pattern) =>
        [.. Directory.GetFiles(PathOf(corpus), pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "AuthzGraph.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("no folder above the tests holds AuthzGraph.sln");
    }
}

/// <summary>A fact about public test data: skipped, and said so, on a machine that does not have it.</summary>
internal sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute(string corpus)
    {
        if (!Directory.Exists(Corpora.PathOf(corpus))) Skip = $"skipped: the test data {corpus} is not on this machine";
    }
}
