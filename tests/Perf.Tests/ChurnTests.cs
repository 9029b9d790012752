using AuthzGraph.Perf.Storage;

namespace AuthzGraph.Perf.Tests;

public sealed class ChurnTests
{
    [Fact]
    public async Task Tasks_come_and_go_on_a_disk_and_leave_nothing_behind()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("authzgraph-churn-");
        try
        {
            var brief = new Churn.Effort(TasksPerSecond: 100, TimeSpan.FromSeconds(10), Retention: TimeSpan.FromMilliseconds(300), TaskTime: TimeSpan.FromSeconds(2), Every: TimeSpan.FromMilliseconds(500), MayGrow: 0.5);
            List<Churn.Line> lines = [];
            await foreach (Churn.Line line in Churn.RunAsync(folder.FullName, brief)) lines.Add(line);

            Assert.Equal(20, lines.Count);
            Assert.True(lines[^1].Tuples > 1_000, $"{lines[^1]}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
