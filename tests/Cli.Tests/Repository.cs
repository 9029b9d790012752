namespace AuthzGraph.Cli.Tests;

/// <summary>Where the files of this repository are.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? place = new(AppContext.BaseDirectory); place is not null; place = place.Parent)
            if (File.Exists(Path.Combine(place.FullName, "AuthzGraph.sln"))) return place.FullName;
        throw new DirectoryNotFoundException("no AuthzGraph.sln above the tests");
    }
}
