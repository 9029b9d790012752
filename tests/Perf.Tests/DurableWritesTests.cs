using AuthzGraph.Perf.Storage;

namespace AuthzGraph.Perf.Tests;

public sealed class DurableWritesTests
{
    [Fact]
    public async Task Durable_writes_are_counted_and_found_again()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("authzgraph-perf-");
        try
        {
            Assert.All(await DurableWrites.RunAsync(folder.FullName, TimeSpan.FromMilliseconds(50)), line => Assert.True(line.PerSecond > 0, line.ToString()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
