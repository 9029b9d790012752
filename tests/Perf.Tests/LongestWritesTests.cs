using AuthzGraph.Perf.Storage;

namespace AuthzGraph.Perf.Tests;

public sealed class LongestWritesTests
{
    [Fact]
    public async Task The_longest_writes_stand_beside_what_they_can_not_do_without()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("authzgraph-perf-");
        try
        {
            List<LongestWrites.Line> lines = [];
            await foreach (LongestWrites.Line line in LongestWrites.RunAsync(folder.FullName, TimeSpan.FromMilliseconds(50))) lines.Add(line);
            Assert.Equal(6, lines.Count);
            Assert.All(lines, line => Assert.True(line.Count > 0 && line.Longest[0].All >= line.Percentile999, line.ToString()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
