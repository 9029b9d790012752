using System.Diagnostics;
using Xunit.Abstractions;

namespace AuthzGraph.Server.Tests.Soak;

/// <summary>
/// A server under all kinds of clients for a while: a few seconds, or as many minutes as <c>AUTHZGRAPH_SOAK_MINUTES</c> says. What it holds when they are gone is
/// the same after every round.
/// </summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int LeastRounds = 6;
    private const int WarmRounds = 3;
    private const long MostGrowth = 32 << 20;
    private const int MostHandlesMore = 4;
    private const int MostThreads = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // a garbage collector that gives back what isn't used, so that what is used shows
    private static readonly string[] SmallHeap = ["env", "DOTNET_gcServer=0", "DOTNET_GCgen0size=1000000", "DOTNET_GCConserveMemory=7"];

    private static TimeSpan Duration => TimeSpan.FromMinutes(double.TryParse(Environment.GetEnvironmentVariable("AUTHZGRAPH_SOAK_MINUTES"), out double minutes) ? minutes : 0);

    [Fact]
    public async Task A_server_holds_no_more_after_hours_of_bad_clients_than_after_seconds()
    {
        using ServerProcess server = await ServerProcess.StartUnderAsync(SmallHeap, ["--memory", "--history-time", "2s"]);
        await SoakLoad.FillAsync(server.Client);
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        var load = new SoakLoad(server.Address, new Random(seed));
        int handles = ProcessFootprint.Of(server.Id).Handles;
        long warm = 0, begun = Stopwatch.GetTimestamp();
        for (int round = 1; round <= LeastRounds || Stopwatch.GetElapsedTime(begun) < Duration; round++)
        {
            await load.RunAsync();
            ProcessFootprint held = await SettledAsync(server.Id, handles);
            output.WriteLine($"round {round} after {Stopwatch.GetElapsedTime(begun)}: {held}");
            if (round <= WarmRounds) warm = Math.Max(warm, held.ResidentBytes);
            else Assert.InRange(held.ResidentBytes, 0, warm + MostGrowth);
            Assert.InRange(held.Handles, 0, handles + MostHandlesMore);
            Assert.InRange(held.Threads, 0, MostThreads);
        }
        Assert.True(server.Failures.Count == 0, string.Join("\n", server.Failures.Distinct().Take(3)));
    }

    /// <summary>What is held once the connections of a round are closed on both sides.</summary>
    private static async Task<ProcessFootprint> SettledAsync(int process, int handles)
    {
        long begun = Stopwatch.GetTimestamp();
        ProcessFootprint held = ProcessFootprint.Of(process);
        while (held.Handles > handles + MostHandlesMore && Stopwatch.GetElapsedTime(begun) < Patience)
        {
            await Task.Delay(100);
            held = ProcessFootprint.Of(process);
        }
        return held;
    }
}
