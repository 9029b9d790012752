namespace AuthzGraph.Tests;

/// <summary>Where the files of this repository are, and beside it the public test data that is not part of it: read in place, nothing of it is ours.</summary>
internal static class Repository
{
    /// <summary>The folder of AuthzGraph.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>Where a file or folder of the corpora is, or would be.</summary>
    public static string Corpus(string name) => Path.GetFullPath(Path.Combine(Root, "..", "shared", "corpora", name));

    private static string Find()
    {
        for (DirectoryInfo? place = new(AppContext.BaseDirectory); place is not null; place = place.Parent)
            if (File.Exists(Path.Combine(place.FullName, "AuthzGraph.sln"))) return place.FullName;
        throw new DirectoryNotFoundException("no AuthzGraph.sln above the tests");
    }
}

/// <summary>A fact about public test data: skipped, and said so, on a machine that does not have it.</summary>
/// <param name="corpus">A folder of the corpora.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute(string corpus = "")
    {
        if (!Directory.Exists(Repository.Corpus(corpus))) Skip = $"skipped: the test data {corpus} is not on this machine";
    }
}
