namespace AuthzGraph.Server.Tests;

/// <summary>The project's own files.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (DirectoryInfo? place = new(AppContext.BaseDirectory); place is not null; place = place.Parent)
            if (File.Exists(Path.Combine(place.FullName, "AuthzGraph.sln"))) return place.FullName;
        throw new DirectoryNotFoundException("no AuthzGraph.sln above the tests");
    }
}
