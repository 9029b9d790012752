using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Perf.Graph;

/// <summary>
/// For how long a writer waits while schemas are written that could break any of so many tuples in memory: one that is refused for
/// the sake of the last tuple, and one that is allowed. Beside them, the same writer without any. Fails if a schema is answered
/// wrongly or a write is lost.
/// </summary>
public static class SchemaChanges
{
    private const string Before = """
        use expiration
        definition user {}
        definition document { relation viewer: user | user with expiration }
        """;

    /// <summary>Takes expiration away, so that every viewer is looked at.</summary>
    private const string After = """
        definition user {}
        definition document { relation viewer: user }
        """;

    private const int ViewersPerDocument = 5;
    private const string Expiring = "document:last#viewer@user:u0[expiration:2999-01-01T00:00:00Z]";

    /// <summary>One line of the table.</summary>
    /// <param name="Seconds">How long it took.</param>
    /// <param name="Median">How long a write took meanwhile, in milliseconds.</param>
    /// <param name="Slow">How many writes took longer than 10 ms.</param>
    public readonly record struct Line(string Name, double Seconds, int Writes, double Median, int Slow, double Longest)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Name,-26} {Seconds,7:N2} s {Writes,9:N0} writes   p50 {Median,7:N3} ms   over 10 ms {Slow,4:N0}   longest {Longest,8:N2} ms");
    }

    /// <param name="idle">How long the writer writes without a schema change.</param>
    public static async IAsyncEnumerable<Line> RunAsync(int tuples, TimeSpan idle)
    {
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Memory() });
        await graph.WriteSchemaAsync(Before);
        await foreach (ImportReceipt _ in graph.ImportAsync(Tuples(tuples), new ImportRequest { Kind = UpdateKind.Create })) { }
        var expiring = RelationTuple.Parse(Expiring);
        await graph.WriteAsync(Write(UpdateKind.Create, expiring));
        LoopingWriter writer = new(graph);

        yield return await writer.BesideAsync("no schema change", () => Task.Delay(idle));
        yield return await writer.BesideAsync("a schema that is refused", () => ExpectRefusalAsync(graph));
        await graph.WriteAsync(Write(UpdateKind.Delete, expiring));
        yield return await writer.BesideAsync("a schema that is allowed", async () => await graph.WriteSchemaAsync(After));
        yield return await writer.BesideAsync("no schema change, again", () => Task.Delay(idle));

        long found = graph.Snapshot().Read(new TupleFilter { ResourceType = "document" }).LongCount();
        Expect(found == tuples + writer.Written, $"{tuples} tuples and {writer.Written} more were written, and {found} are there");
    }

    private static async Task ExpectRefusalAsync(AuthorizationGraph graph)
    {
        string answer = "it was allowed";
        try { await graph.WriteSchemaAsync(After); }
        catch (RejectionException refusal) { answer = refusal.Message; }
        Expect(answer.Contains("document:last#viewer@user:u0[", StringComparison.Ordinal), answer);
    }

    private static async IAsyncEnumerable<RelationTuple> Tuples(int count)
    {
        await Task.CompletedTask;
        int users = Math.Max(ViewersPerDocument, count / 10);
        for (int i = 0; i < count; i++)
            yield return new RelationTuple(new ObjectRef("document", $"d{i / ViewersPerDocument}"), "viewer", new SubjectRef(new ObjectRef("user", $"u{i * 7L % users}")));
    }

    private static WriteRequest Write(UpdateKind kind, RelationTuple tuple) => new() { Updates = [new TupleUpdate(kind, tuple)] };

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException(otherwise);
    }

    /// <summary>Writes one viewer after the other, each acknowledged before the next.</summary>
    private sealed class LoopingWriter(AuthorizationGraph graph)
    {
        public int Written { get; private set; }

        /// <summary>Writes for as long as something else takes.</summary>
        public async Task<Line> BesideAsync(string name, Func<Task> other)
        {
            List<double> waits = [];
            using CancellationTokenSource done = new();
            Task writing = Task.Run(async () =>
            {
                while (!done.IsCancellationRequested) waits.Add(await WriteOneAsync());
            });
            Stopwatch clock = Stopwatch.StartNew();
            await other();
            double seconds = clock.Elapsed.TotalSeconds;
            await done.CancelAsync();
            await writing;
            waits.Sort();
            Span<double> sorted = CollectionsMarshal.AsSpan(waits);
            return new Line(name, seconds, waits.Count, sorted[sorted.Length / 2], waits.Count(wait => wait > 10), sorted[^1]);
        }

        private async Task<double> WriteOneAsync()
        {
            var tuple = new RelationTuple(new ObjectRef("document", $"w{Written++}"), "viewer", new SubjectRef(new ObjectRef("user", "u1")));
            long start = Stopwatch.GetTimestamp();
            await graph.WriteAsync(Write(UpdateKind.Create, tuple));
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }
}
