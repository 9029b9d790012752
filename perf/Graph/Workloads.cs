using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Perf.Graph.Checks;

namespace AuthzGraph.Perf.Graph;

/// <summary>
/// The graphs and questions that other projects measure themselves with, read from a folder of JSON files (<c>schema</c>, <c>relationships</c>, and
/// under <c>queries</c> the lists <c>check</c>, <c>lookupResources</c> and <c>lookupSubjects</c>), answered in process by name, hot, on one thread. Checks
/// have to be permitted, as they are in those projects; lookups have to find as many as the file says. Figures are medians, of two ages of the data: new, when every tuple
/// still has a version for those who read the past, and old, when all of that is behind the horizon.
/// </summary>
public static class Workloads
{
    /// <summary>One line of the table.</summary>
    /// <param name="New">Nanoseconds of one question from its names to its answer, or to its last result, while the data is new.</param>
    /// <param name="Old">The same when it is old.</param>
    /// <param name="Bytes">Allocated by one question.</param>
    public readonly record struct Line(string Workload, string Question, double New, double Old, double Bytes)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Workload,-20} new {New,9:N0} ns   old {Old,9:N0} ns {Bytes,6:N0} B   {Question}");
    }

    /// <param name="folder">Where the files are.</param>
    /// <param name="each">How long each question is asked over and over.</param>
    public static async IAsyncEnumerable<Line> RunAsync(string folder, TimeSpan each)
    {
        foreach (string path in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            using JsonDocument document = JsonDocument.Parse(await File.ReadAllTextAsync(path));
            if (!document.RootElement.TryGetProperty("queries", out JsonElement queries)) continue;
            var time = new JumpingTime();
            await using AuthorizationGraph graph = await LoadAsync(document.RootElement, time);
            (string Kind, JsonElement Query)[] asked = [.. queries.EnumerateObject().SelectMany(kind => kind.Value.EnumerateArray().Select(query => (kind.Name, query)))];
            (double Nanoseconds, double Bytes)[] whenNew = [.. asked.Select(ask => Measure(each, Ask(graph.Snapshot(), ask.Kind, ask.Query)))];
            time.Jump(TimeSpan.FromDays(3));
            await graph.ReclaimAsync();
            foreach (((string kind, JsonElement query), (double nanoseconds, double bytes)) in asked.Zip(whenNew))
            {
                string question = $"{kind} {JsonSerializer.Serialize(query)}";
                yield return new Line(Path.GetFileNameWithoutExtension(path), question, nanoseconds, Measure(each, Ask(graph.Snapshot(), kind, query)).Nanoseconds, bytes);
            }
        }
    }

    private static async Task<AuthorizationGraph> LoadAsync(JsonElement workload, TimeProvider time)
    {
        RelationTuple[] tuples = [.. workload.GetProperty("relationships").EnumerateArray().Select(line => RelationTuple.Parse(Text(line))).Distinct()];
        AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = new StorageLocation.Memory(),
            Time = time,
            Limits = Limits.Default with { UpdatesPerWrite = Math.Max(1, tuples.Length) },
        });
        await graph.WriteSchemaAsync(Text(workload.GetProperty("schema")));
        await graph.WriteAsync(new WriteRequest { Updates = [.. tuples.Select(tuple => new TupleUpdate(UpdateKind.Create, tuple))] });
        return graph;
    }

    /// <summary>A question ready to be asked again and again; it fails when the answer is another than expected.</summary>
    private static Action Ask(Snapshot snapshot, string kind, JsonElement query) => kind switch
    {
        "check" => Check(snapshot, RelationTuple.Parse(Text(query))),
        "lookupResources" => Resources(snapshot, query),
        "lookupSubjects" => Subjects(snapshot, query),
        _ => throw new InvalidDataException($"unknown kind of question: {kind}"),
    };

    private static Action Check(Snapshot snapshot, RelationTuple asked)
    {
        var question = new CheckQuestion(asked.Resource, asked.Relation, asked.Subject);
        return () =>
        {
            if (!snapshot.Check(question).IsPermitted) throw new InvalidOperationException($"{asked} is not permitted");
        };
    }

    private static Action Resources(Snapshot snapshot, JsonElement query)
    {
        var request = new ResourceLookupRequest
        {
            ResourceType = Text(query.GetProperty("type")),
            Permission = Text(query.GetProperty("permission")),
            Subject = SubjectRef.Parse(Text(query.GetProperty("subject"))),
            Limit = Number(query, "limit"),
        };
        int expected = Expected(query);
        return () =>
        {
            using ResourceLookup lookup = snapshot.LookupResources(request);
            int found = 0;
            while (lookup.MoveNext()) found += lookup.IdUtf8.IsEmpty ? 0 : 1;
            if (found != expected) throw new InvalidOperationException($"{found} resources were found instead of {expected}");
        };
    }

    private static Action Subjects(Snapshot snapshot, JsonElement query)
    {
        var request = new SubjectLookupRequest
        {
            Resource = ObjectRef.Parse(Text(query.GetProperty("resource"))),
            Permission = Text(query.GetProperty("permission")),
            SubjectType = Text(query.GetProperty("subjectType")),
        };
        int expected = Expected(query);
        return () =>
        {
            using SubjectLookup lookup = snapshot.LookupSubjects(request);
            int found = 0;
            while (lookup.MoveNext()) found += lookup.IdUtf8.IsEmpty ? 0 : 1;
            if (found != expected) throw new InvalidOperationException($"{found} subjects were found instead of {expected}");
        };
    }

    private static int Expected(JsonElement query) =>
        query.TryGetProperty("expect", out JsonElement names) ? names.GetArrayLength()
        : Number(query, "expectCount") ?? Number(query, "limit") ?? throw new InvalidDataException($"nothing is expected of {query}");

    private static int? Number(JsonElement query, string name) => query.TryGetProperty(name, out JsonElement number) ? number.GetInt32() : null;

    private static string Text(JsonElement element) => element.GetString() ?? "";

    private static (double Nanoseconds, double Bytes) Measure(TimeSpan each, Action ask)
    {
        var warmingUp = Stopwatch.StartNew();
        do ask();
        while (warmingUp.Elapsed < each);
        int repeats = Math.Max(1, (int)(1_000_000 / OfOne(ask, 1)));
        var times = new List<double>(1 << 16);
        long allocated = GC.GetAllocatedBytesForCurrentThread(), asked = 0;
        for (var clock = Stopwatch.StartNew(); times.Count == 0 || clock.Elapsed < each; asked += repeats) times.Add(OfOne(ask, repeats));
        double bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)asked;
        times.Sort();
        return (times[times.Count / 2], Math.Floor(bytes));
    }

    /// <summary>Nanoseconds that one of so many took.</summary>
    private static double OfOne(Action ask, int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++) ask();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / repeats;
    }
}
