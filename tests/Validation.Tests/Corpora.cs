namespace AuthzGraph.Validation.Tests;

/// <summary>The files of public test data.</summary>
internal static class Corpora
{
    public static IReadOnlyList<string> Files(string corpus, string pattern) =>
        [.. Directory.GetFiles(Repository.Corpus(corpus), pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
