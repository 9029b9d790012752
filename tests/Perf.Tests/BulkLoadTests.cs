using AuthzGraph.Perf.Storage;

namespace AuthzGraph.Perf.Tests;

public sealed class BulkLoadTests
{
    [Fact]
    public async Task A_bulk_load_is_timed_and_found_again()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("authzgraph-perf-");
        try
        {
            Assert.All(await BulkLoad.RunAsync(folder.FullName, tuples: 2_000), line => Assert.True(line.Value > 0, line.ToString()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
