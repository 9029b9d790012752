using System.Diagnostics;

namespace AuthzGraph.House.Tests;

/// <summary>The bugs of tests/PlantedBugs fit the tree. That each is caught is for <c>tests/PlantedBugs/run</c> to show, since it takes long.</summary>
public sealed class PlantedBugTests
{
    [Fact]
    public void Every_planted_bug_can_still_be_planted()
    {
        string[] patches = Directory.GetFiles(Path.Combine(Tree.Root, "tests/PlantedBugs"), "*.patch");

        Assert.True(patches.Length >= 109);
        Assert.Empty(patches.Order(StringComparer.Ordinal).Select(Problem).OfType<string>());
    }

    /// <summary>Why a patch does not apply; null if it does.</summary>
    private static string? Problem(string patch)
    {
        ProcessStartInfo start = new("git", ["apply", "--check", patch]) { WorkingDirectory = Tree.Root, RedirectStandardError = true };
        using Process git = Process.Start(start) ?? throw new InvalidOperationException("git does not start");
        string problem = git.StandardError.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0 ? null : problem;
    }
}
