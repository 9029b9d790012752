using AuthzGraph.Perf.Graph.Checks;

namespace AuthzGraph.Perf.Tests;

public sealed class CheckTimesTests
{
    [Fact]
    public async Task Every_class_of_checks_is_timed_and_gets_its_answers()
    {
        var lines = new List<string>();
        await foreach (string line in CheckTimes.RunAsync(tuples: 4_000, only: "", age: TimeSpan.Zero, chainBytes: 1 << 20, rounds: 1)) lines.Add(line);

        Assert.All(CheckClass.All, kind => Assert.Contains(lines, line => line.StartsWith(kind.Name, StringComparison.Ordinal)));
    }
}
