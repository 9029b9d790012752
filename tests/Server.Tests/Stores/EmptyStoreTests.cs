using System.Diagnostics;
using AuthzGraph.Graph;
using Xunit.Abstractions;

namespace AuthzGraph.Server.Tests.Stores;

/// <summary>What many empty stores cost.</summary>
[Collection(nameof(Alone))]
public sealed class EmptyStoreTests(ITestOutputHelper output)
{
    private const int Stores = 200;
    private const double MostBytes = 1 << 20;

    [Fact]
    public async Task Two_hundred_empty_stores_on_disk_cost_less_than_a_megabyte_each_and_have_no_threads_of_their_own()
    {
        using var data = new TemporaryDirectory();
        await MeasureAsync(i => new StorageLocation.Directory(Path.Combine(data.Path, $"s{i}")) { Size = StoreSize.Small });
    }

    [Fact]
    public Task Two_hundred_empty_stores_in_memory_cost_less_than_a_megabyte_each_and_have_no_threads_of_their_own() =>
        MeasureAsync(_ => new StorageLocation.Memory());

    private async Task MeasureAsync(Func<int, StorageLocation> where)
    {
        List<AuthorizationGraph> open = [await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = where(Stores) })];
        try
        {
            (long bytes, int threads) = (GC.GetTotalMemory(forceFullCollection: true), Threads());
            for (int i = 0; i < Stores; i++) open.Add(await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = where(i) }));
            double each = (GC.GetTotalMemory(forceFullCollection: true) - bytes) / (double)Stores;
            int left = await SettledAsync(threads);
            output.WriteLine($"{each / 1024:F0} KiB each; {threads} threads before, {left} after");
            Assert.InRange(each, 1, MostBytes);
            Assert.InRange(left, 1, threads + Stores / 10);
        }
        finally
        {
            foreach (AuthorizationGraph graph in open) await graph.DisposeAsync();
        }
    }

    /// <summary>Threads, once those that opened the stores are gone.</summary>
    private static async Task<int> SettledAsync(int before)
    {
        int now = Threads();
        for (int i = 0; i < 40 && now > before + Stores / 10; i++)
        {
            await Task.Delay(500);
            now = Threads();
        }
        return now;
    }

    private static int Threads()
    {
        using Process self = Process.GetCurrentProcess();
        return self.Threads.Count;
    }
}

/// <summary>Tests that measure the process: no others run beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
