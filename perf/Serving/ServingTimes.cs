using System.Diagnostics;
using System.Globalization;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Perf.Serving;

/// <summary>How much of each measurement there is.</summary>
/// <param name="Warmup">Calls before anything is counted, past the tiers of the JIT.</param>
/// <param name="Calls">Of each round.</param>
internal readonly record struct ServingEffort(int Warmup, int Calls, int Rounds, int Tuples)
{
    public static ServingEffort Full => new(Warmup: 200_000, Calls: 60_000, Rounds: 15, Tuples: 1_000_000);
}

/// <summary>
/// What a server costs and gives, as its clients see it: a server process that lets in a key, and h2load or our own client beside it on the same machine. Each part
/// prints a table; medians of the rounds, between which the calls that are compared take turns.
/// </summary>
internal sealed class ServingTimes(string folder, ServingEffort effort)
{
    public const string All = "all";

    // enough under way that the server reads and writes for many calls at once
    private const int Connections = 4, Streams = 100;
    private const int BatchConnections = 4, BatchStreams = 16;

    public static IReadOnlyList<string> Parts => ["calls", "load", "batch", "import"];

    public async IAsyncEnumerable<string> RunAsync(string what)
    {
        foreach (string part in Parts.Where(part => what is All || what == part))
        {
            using ServingProcess server = await ServingProcess.StartAsync(folder, isDurable: part == "import");
            IAsyncEnumerable<string> lines = part switch
            {
                "calls" => CallsAsync(server),
                "load" => LoadAsync(server),
                "batch" => BatchAsync(server),
                _ => ImportAsync(server),
            };
            await foreach (string line in lines) yield return line;
        }
    }

    /// <summary>CPU of the server and bytes it allocates, beside an empty call.</summary>
    private async IAsyncEnumerable<string> CallsAsync(ServingProcess server)
    {
        IReadOnlyList<CallCost> costs = await CostsAsync(server);
        yield return "call                  server CPU, µs   beside empty   bytes allocated     calls/s";
        foreach (CallCost cost in costs)
            yield return Text($"{cost.Name,-20}{cost.Micros,16:N2}{(cost.Micros / costs[0].Micros - 1) * 100,13:N1} %{cost.Bytes,18:N0}{cost.PerSecond,12:N0}");
    }

    /// <summary>Of an empty call, which is the first, and of checks.</summary>
    public async Task<IReadOnlyList<CallCost>> CostsAsync(ServingProcess server)
    {
        var calls = new LoadedCalls(server);
        LoadedCall[] compared = [calls.Empty, await calls.CheckAsync(), await calls.DelegatedAsync()];
        List<CallCost>[] rounds = [.. compared.Select(_ => new List<CallCost>())];
        foreach (LoadedCall call in compared) await H2Load.RunAsync(folder, call, effort.Warmup, Connections, Streams);
        for (int round = 0; round < effort.Rounds; round++)
            for (int i = 0; i < compared.Length; i++) rounds[i].Add(await CostAsync(server, compared[i], effort.Calls, Connections, Streams));
        return [.. rounds.Select(CallCost.Median)];
    }

    /// <summary>Calls a second, and how long one takes, by connections.</summary>
    private async IAsyncEnumerable<string> LoadAsync(ServingProcess server)
    {
        var calls = new LoadedCalls(server);
        (LoadedCall Call, int Streams)[] loads = [(await calls.CheckAsync(), 1), (await calls.CheckAsync(), 32), (await calls.JsonAsync(), 1)];
        foreach ((LoadedCall call, int streams) in loads) await H2Load.RunAsync(folder, call, effort.Warmup / 2, connections: 8, streams);

        yield return "call             connections   each at once       calls/s     p50, µs     p99, µs";
        foreach ((LoadedCall call, int streams) in loads)
            foreach (int connections in (int[])[1, 8, 64])
            {
                int count = Math.Max(effort.Calls / (connections * streams == 1 ? 5 : 2), connections * streams);
                List<LoadReport> free = [], timed = [];
                for (int round = 0; round < effort.Rounds; round += 6)
                {
                    free.Add(await H2Load.RunAsync(folder, call, count, connections, streams));
                    timed.Add(await H2Load.RunAsync(folder, call, count, connections, streams, tellsLatency: true));
                }
                double perSecond = CallCost.Median(free.Select(run => run.PerSecond));
                double median = CallCost.Median(timed.Select(run => run.Median)), percentile99 = CallCost.Median(timed.Select(run => run.Percentile99));
                yield return Text($"{call.Name,-16}{connections,12}{streams,15}{perSecond,14:N0}{median,12:N0}{percentile99,12:N0}");
            }
    }

    /// <summary>Checks a second, a hundred to a call.</summary>
    private async IAsyncEnumerable<string> BatchAsync(ServingProcess server)
    {
        var calls = new LoadedCalls(server);
        LoadedCall[] compared = [await calls.CheckBatchAsync("of one relationship each", ServingSample.DirectChecks), await calls.CheckBatchAsync("of all kinds", ServingSample.Checks)];
        int count = Math.Max(1, effort.Calls / 4);
        yield return "CheckBatch of 100            server CPU a check, ns   bytes a check      checks/s";
        foreach (LoadedCall batch in compared)
        {
            await H2Load.RunAsync(folder, batch, Math.Max(1, effort.Warmup / 6), BatchConnections, BatchStreams);
            List<CallCost> rounds = [];
            for (int round = 0; round < effort.Rounds; round++) rounds.Add(await CostAsync(server, batch, count, BatchConnections, BatchStreams));
            CallCost cost = CallCost.Median(rounds);
            yield return Text($"{cost.Name,-24}{cost.Micros * 1_000 / ServingSample.Batch,27:N0}{cost.Bytes / ServingSample.Batch,16:N0}{cost.PerSecond * ServingSample.Batch,14:N0}");
        }
    }

    /// <summary>Tuples a second that our client streams into a durable store; the store must hold them all.</summary>
    private async IAsyncEnumerable<string> ImportAsync(ServingProcess server)
    {
        ServerUse before = server.Used();
        long begun = Stopwatch.GetTimestamp();
        ulong imported = 0;
        await foreach (ImportRelationshipsResponse receipt in server.Client.ImportAsync(Imported().ToAsyncEnumerable())) imported = Math.Max(imported, receipt.Imported);
        TimeSpan took = Stopwatch.GetElapsedTime(begun);
        ServerUse after = server.Used();
        int stored = await server.Client.ReadRelationshipsAsync(new ReadRelationshipsRequest { Filter = new RelationshipFilter { ResourceType = "document", ResourceIdPrefix = "new-" } })
            .Select(page => page.Relationships.Count).SumAsync();
        if (stored != effort.Tuples) throw new InvalidOperationException($"{effort.Tuples} relationships were imported and {stored} are there");

        yield return "call                server CPU a tuple, ns   bytes a tuple      tuples/s";
        yield return Text($"Import, durable{(after.Cpu - before.Cpu).TotalNanoseconds / stored,27:N0}{(double)(after.AllocatedBytes - before.AllocatedBytes) / stored,16:N0}{stored / took.TotalSeconds,14:N0}");
    }

    private IEnumerable<Relationship> Imported() =>
        Enumerable.Range(0, effort.Tuples).Select(i => ServingSample.Of("document", $"new-{i / 5}", "viewer", "user", $"reader-{(uint)(i * 2_654_435_761) % 100_000}"));

    private async Task<CallCost> CostAsync(ServingProcess server, LoadedCall call, int calls, int connections, int streams)
    {
        ServerUse before = server.Used();
        LoadReport report = await H2Load.RunAsync(folder, call, calls, connections, streams);
        ServerUse after = server.Used();
        return new CallCost(call.Name, (after.Cpu - before.Cpu).TotalMicroseconds / calls, (double)(after.AllocatedBytes - before.AllocatedBytes) / calls, report.PerSecond);
    }

    private static string Text(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
