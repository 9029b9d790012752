using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AuthzGraph.Client;
using AuthzGraph.Graph;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Server.Hosting;
using Operation = AuthzGraph.Protocol.V1.RelationshipUpdate.Types.Operation;

namespace AuthzGraph.Perf.Serving;

/// <summary>
/// How long after a write's acknowledgement the subscriber whose answer it changed hears of it: a server in this process, and over gRPC as many
/// WatchDecision streams of one question each as asked for, while writes come at a fixed rate, each of which changes one subscriber's answer. Every answer
/// must be heard, by that subscriber alone, and be the right one.
/// </summary>
public static class WatchDecisionTimes
{
    private const string Schema = """
        definition user {}
        definition document {
            relation viewer: user
            permission view = viewer
        }
        """;

    /// <param name="Median">From acknowledgement to subscriber, in milliseconds; half took no longer. What is heard first counts as 0.</param>
    /// <param name="Acknowledged">From the write's start to its acknowledgement, in milliseconds, 99 of 100.</param>
    public readonly record struct Line(int Subscribers, int Writes, double PerSecond, double Median, double Percentile99, double Worst, double Acknowledged)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Subscribers} subscribers, {Writes} writes at {PerSecond:N0}/s: heard after p50 {Median:N2} ms  p99 {Percentile99:N2} ms  worst {Worst:N2} ms; acknowledged within p99 {Acknowledged:N2} ms");
    }

    public static async Task<Line> RunAsync(StorageLocation storage, int subscribers, int writesPerSecond, TimeSpan duration)
    {
        await using ServerHost server = await ServerHost.StartAsync(new ServerOptions { Storage = storage, GrpcPort = 0, HttpPort = 0 });
        using var client = new AuthzGraphClient(server.GrpcAddress);
        await client.WriteSchemaAsync(new WriteSchemaRequest { Text = Schema });
        using var stop = new CancellationTokenSource();
        var heard = new ConcurrentDictionary<(int Subscriber, ulong Revision), (long At, Outcome Outcome)>();
        using var ready = new CountdownEvent(subscribers);
        Task[] streams = [.. Enumerable.Range(0, subscribers).Select(i => SubscribeAsync(client, i, ready, heard, stop.Token))];
        if (!await Task.Run(() => ready.Wait(TimeSpan.FromMinutes(1)))) throw new InvalidOperationException("not every subscriber got its first answer");

        List<Written> written = await WriteAsync(client, subscribers, writesPerSecond, (int)(duration.TotalSeconds * writesPerSecond));
        await Task.Delay(500);
        await stop.CancelAsync();
        await Task.WhenAll(streams);
        return Summarize(subscribers, writesPerSecond, written, heard);
    }

    private readonly record struct Written(int Subscriber, ulong Revision, Outcome Expected, long Begun, long Acknowledged);

    private static async Task SubscribeAsync(AuthzGraphClient client, int subscriber, CountdownEvent ready,
        ConcurrentDictionary<(int, ulong), (long, Outcome)> heard, CancellationToken stop)
    {
        var request = new WatchDecisionRequest { Items = { new CheckBatchItem { Resource = Document(subscriber), Permission = "view", Subject = User } } };
        bool isFirst = true;
        try
        {
            await foreach (WatchDecisionResponse told in client.WatchDecisionAsync(request, stop))
            {
                if (isFirst) ready.Signal();
                else heard[(subscriber, told.Snapshot.Revision)] = (Stopwatch.GetTimestamp(), told.Decision.Outcome);
                isFirst = false;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>At a fixed rate, whether or not the ones before are acknowledged.</summary>
    private static async Task<List<Written>> WriteAsync(AuthzGraphClient client, int subscribers, int perSecond, int count)
    {
        var writes = new List<Task<Written>>(count);
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            TimeSpan due = TimeSpan.FromSeconds((double)i / perSecond) - Stopwatch.GetElapsedTime(begun);
            if (due > TimeSpan.Zero) await Task.Delay(due);
            writes.Add(WriteAsync(client, i % subscribers, i / subscribers % 2 == 0));
        }
        return [.. await Task.WhenAll(writes)];
    }

    private static async Task<Written> WriteAsync(AuthzGraphClient client, int subscriber, bool permits)
    {
        var relationship = new Relationship { Resource = Document(subscriber), Relation = "viewer", Subject = User };
        var update = new RelationshipUpdate { Operation = permits ? Operation.Touch : Operation.Delete, Relationship = relationship };
        long begun = Stopwatch.GetTimestamp();
        WriteRelationshipsResponse receipt = await client.WriteRelationshipsAsync(new WriteRelationshipsRequest { Updates = { update } });
        return new Written(subscriber, receipt.Revision, permits ? Outcome.Permitted : Outcome.Denied, begun, Stopwatch.GetTimestamp());
    }

    private static Line Summarize(int subscribers, int perSecond, List<Written> written, ConcurrentDictionary<(int Subscriber, ulong Revision), (long At, Outcome Outcome)> heard)
    {
        if (heard.Count != written.Count) throw new InvalidOperationException($"{written.Count} answers changed and {heard.Count} were heard");
        ILookup<int, KeyValuePair<(int Subscriber, ulong Revision), (long At, Outcome Outcome)>> bySubscriber = heard.ToLookup(answer => answer.Key.Subscriber);
        var latencies = new List<double>(written.Count);
        foreach (Written one in written)
        {
            // an answer is read at the newest revision, which may be of a later write than the one that changed it
            (long at, Outcome outcome) = bySubscriber[one.Subscriber].Where(answer => answer.Key.Revision >= one.Revision).MinBy(answer => answer.Key.Revision).Value;
            if (outcome != one.Expected) throw new InvalidOperationException($"subscriber {one.Subscriber} heard {outcome} at revision {one.Revision} instead of {one.Expected}");
            latencies.Add(Math.Max(0, Stopwatch.GetElapsedTime(one.Acknowledged, at).TotalMilliseconds));
        }
        latencies.Sort();
        double[] acknowledged = [.. written.Select(one => Stopwatch.GetElapsedTime(one.Begun, one.Acknowledged).TotalMilliseconds).Order()];
        return new Line(subscribers, written.Count, perSecond, At(latencies, 0.5), At(latencies, 0.99), latencies[^1], At(acknowledged, 0.99));
    }

    private static double At(IReadOnlyList<double> sorted, double share) => sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)];

    private static ObjectReference Document(int subscriber) => new() { Type = "document", Id = $"d{subscriber}" };

    private static SubjectReference User => new() { Object = new ObjectReference { Type = "user", Id = "ann" } };
}
