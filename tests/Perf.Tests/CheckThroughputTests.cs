using AuthzGraph.Perf.Graph.Checks;

namespace AuthzGraph.Perf.Tests;

public sealed class CheckThroughputTests
{
    [Fact]
    public async Task Checks_are_answered_rightly_on_several_threads_beside_writes_that_are_all_there()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("authzgraph-throughput-");
        try
        {
            List<CheckThroughput.Line> lines = [];
            await foreach (CheckThroughput.Line line in CheckThroughput.RunAsync(folder.FullName, tuples: 2_000, writesPerSecond: 1_000, TimeSpan.FromMilliseconds(200))) lines.Add(line);

            Assert.Equal([1, 2, 1, 2, 2, 1], lines.Select(line => line.Threads));
            Assert.All(lines, line => Assert.True(line.PerSecond > 0, $"{line}"));
            Assert.Equal([false, false, true, true, false, false], lines.Select(line => line.WritesPerSecond > 0));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
