using AuthzGraph.Perf.Serving;
using Xunit.Abstractions;

namespace AuthzGraph.Perf.Tests;

/// <summary>The measurements of serving, tiny: every call of theirs must get its answer, and a Check must stay cheap. h2load makes the calls; without it that is said.</summary>
public sealed class ServingTimesTests(ITestOutputHelper output)
{
    // all that a call costs the process, Kestrel's part included; in a debug build the states of async methods are objects, which is most of it
    private const double MostBytesPerCheck = 1_600;
    private const double MostBytesMoreThanEmpty = 100;

    // so many that what a connection costs at its start does not show
    private static readonly ServingEffort Tiny = new(Warmup: 10_000, Calls: 20_000, Rounds: 3, Tuples: 2_000);

    [Fact]
    public async Task A_check_allocates_little_and_no_more_than_an_empty_call()
    {
        if (!HasH2Load()) return;
        using var folder = new TinyFolder();
        using ServingProcess server = await ServingProcess.StartAsync(folder.Path, isDurable: false);
        IReadOnlyList<CallCost> costs = await new ServingTimes(folder.Path, Tiny).CostsAsync(server);
        foreach (CallCost cost in costs) output.WriteLine(cost.ToString());
        Assert.Equal(["empty", "Check", "Check, three hops"], costs.Select(cost => cost.Name));
        Assert.All(costs, cost => Assert.InRange(cost.Bytes, 0, MostBytesPerCheck));
        Assert.InRange(costs[1].Bytes, 0, costs[0].Bytes + MostBytesMoreThanEmpty);
    }

    [Theory]
    [InlineData("load", 10)]
    [InlineData("batch", 3)]
    public async Task What_is_measured_with_h2load_gets_its_answers(string part, int lines)
    {
        if (HasH2Load()) await ExpectLinesAsync(part, lines);
    }

    [Fact]
    public Task What_is_imported_is_there() => ExpectLinesAsync("import", 2);

    private async Task ExpectLinesAsync(string part, int lines)
    {
        using var folder = new TinyFolder();
        List<string> printed = [];
        await foreach (string line in new ServingTimes(folder.Path, Tiny with { Warmup = 1_000, Calls = 2_000 }).RunAsync(part)) printed.Add(line);
        output.WriteLine(string.Join('\n', printed));
        Assert.Equal(lines, printed.Count);
    }

    private bool HasH2Load()
    {
        if (!H2Load.IsThere) output.WriteLine("skipped: nghttp2-client is not installed");
        return H2Load.IsThere;
    }

    private sealed class TinyFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("authzgraph-serving-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
