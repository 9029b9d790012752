using AuthzGraph.Graph;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Lookups;
using AuthzGraph.Model;
using BenchmarkDotNet.Attributes;

namespace AuthzGraph.Perf.Graph;

/// <summary>
/// Lookups of resources in process, one thread: <see cref="Documents"/> documents that one user sees directly, as many through 100 nested groups, as
/// many through folders, and as many of which each has to be asked about (<c>viewer - banned</c>). Time is per result, except for
/// <see cref="First"/>, which is the time until the first result is there. The baseline goes through the ids of a list of strings.
/// Each benchmark fails if it does not find what it should.
/// </summary>
[Config(typeof(PerfConfig))]
[MemoryDiagnoser]
public class LookupBenchmark
{
    private const string Schema = """
        definition user {}
        definition group { relation member: user | group#member }
        definition folder { relation parent: folder; relation viewer: user; permission view = viewer + parent->view }
        definition document {
            relation viewer: user
            relation reader: group#member
            relation folder: folder
            relation banned: user
            permission view = viewer
            permission read = reader
            permission reach = folder->view
            permission edit = viewer - banned
        }
        """;

    private const int Results = 10_000;
    private const int TuplesPerWrite = 10_000;
    private const int Groups = 100;

    private AuthorizationGraph? _graph;
    private string[] _ids = [];

    [Params(Results)]
    public int Documents { get; set; } = Results;

    /// <summary>The same with few documents, for the tests.</summary>
    public static LookupBenchmark Tiny() => new() { Documents = 200 };

    [GlobalSetup]
    public void Setup()
    {
        _ids = [.. Enumerable.Range(0, Documents).Select(i => $"d{i}")];
        _graph = AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = new StorageLocation.Memory(),
            Limits = Limits.Default with { UpdatesPerWrite = TuplesPerWrite },
        }).AsTask().GetAwaiter().GetResult();
        _graph.WriteSchemaAsync(Schema).AsTask().GetAwaiter().GetResult();
        foreach (string[] chunk in Tuples().Chunk(TuplesPerWrite))
            _graph.WriteAsync(new WriteRequest { Updates = [.. chunk.Select(t => new TupleUpdate(UpdateKind.Create, RelationTuple.Parse(t)))] }).AsTask().GetAwaiter().GetResult();
    }

    [GlobalCleanup]
    public void Cleanup() => _graph?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(Baseline = true, OperationsPerInvoke = Results)]
    public int ListOfStrings()
    {
        int length = 0;
        foreach (string id in _ids) length += id.Length;
        return length > 0 ? _ids.Length : throw new InvalidOperationException("no ids");
    }

    [Benchmark(OperationsPerInvoke = Results)]
    public int DirectById() => ById("view");

    [Benchmark(OperationsPerInvoke = Results)]
    public int Direct() => Count("view");

    [Benchmark(OperationsPerInvoke = Results)]
    public int ThroughGroupsById() => ById("read");

    [Benchmark(OperationsPerInvoke = Results)]
    public int ThroughGroups() => Count("read");

    [Benchmark(OperationsPerInvoke = Results)]
    public int ThroughFoldersById() => ById("reach");

    [Benchmark(OperationsPerInvoke = Results)]
    public int Asked() => Count("edit");

    [Benchmark]
    public int First()
    {
        using ResourceLookup lookup = Graph.Snapshot().LookupResources(Request("read"));
        return lookup.MoveNext() ? lookup.IdUtf8.Length : throw new InvalidOperationException("nothing was found");
    }

    private AuthorizationGraph Graph => _graph ?? throw new InvalidOperationException("run Setup first");

    private int Count(string permission)
    {
        using ResourceLookup lookup = Graph.Snapshot().LookupResources(Request(permission));
        int count = 0;
        while (lookup.MoveNext()) count += lookup.IdUtf8.IsEmpty ? 0 : 1;
        return Expect(count);
    }

    /// <summary>The walk alone: numbers, without names.</summary>
    private int ById(string permission)
    {
        Snapshot snapshot = Graph.Snapshot();
        LookupRoom room = Graph.LookupRooms.Get();
        var source = new ResourceSource(snapshot.Bound, Request(permission), null);
        int count = 0;
        room.Found.Begin();
        using (DecisionSeries series = snapshot.Series(null)) source.Begin(series.Scope, room);
        for (bool more = true; more;)
        {
            count += room.Found.Count;
            room.Found.Clear();
            using DecisionSeries series = snapshot.Series(null);
            more = source.Read(series.Scope, room);
        }
        count += room.Found.Count;
        Graph.LookupRooms.Return(room);
        return Expect(count);
    }

    private static ResourceLookupRequest Request(string permission) =>
        new() { ResourceType = "document", Permission = permission, Subject = new SubjectRef(new ObjectRef("user", "ann")) };

    private int Expect(int count) => count == Documents ? count : throw new InvalidOperationException($"{count} of {Documents} were found");

    private IEnumerable<string> Tuples() =>
    [
        "folder:top#viewer@user:ann",
        .. Enumerable.Range(0, Groups).Select(i => i < 10 ? $"group:g{i}#member@user:ann" : $"group:g{i}#member@group:g{i - 10}#member"),
        .. Enumerable.Range(0, Groups).Select(i => $"folder:f{i}#parent@folder:{(i == 0 ? "top" : $"f{i / 4}")}").Where(t => !t.StartsWith("folder:f0#parent@folder:f0", StringComparison.Ordinal)),
        .. Enumerable.Range(0, Documents).SelectMany(i => (string[])
        [
            $"document:d{i}#viewer@user:ann",
            $"document:d{i}#reader@group:g{i % Groups}#member",
            $"document:d{i}#folder@folder:f{i % Groups}",
            $"document:d{i}#banned@user:bob",
        ]),
    ];
}
