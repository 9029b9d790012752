using System.Diagnostics;

namespace AuthzGraph.Perf.Tests;

public sealed class ChurnTests
{
    /// <summary>In a process of its own: what is resident in this one is other tests' too.</summary>
    [Fact]
    public async Task Tasks_come_and_go_on_a_disk_and_leave_nothing_behind()
    {
        ProcessStartInfo start = PerfProcess.With("churn", "--brief");
        start.RedirectStandardError = true;
        using Process churn = Process.Start(start)!;
        Task<string> complaint = churn.StandardError.ReadToEndAsync();
        string[] lines = (await churn.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await churn.WaitForExitAsync();

        Assert.True(churn.ExitCode == 0, await complaint);
        Assert.Equal(20, lines.Length);
        Assert.Matches("^00:00:1[1-9] +[0-9]+,[0-9]{3} tuples ", lines[^1]);
    }
}
