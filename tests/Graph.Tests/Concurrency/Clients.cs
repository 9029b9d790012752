using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Concurrency;

/// <summary>Clients that write, check and read the same few tuples of one store at once, each noting what it did and saw.</summary>
internal sealed class Clients
{
    private const int ClientCount = 5;
    private const int CallsPerClient = 24;
    private const int TupleCount = 5;
    private const string Schema = """
        definition user {}
        definition document { relation viewer: user
            permission view = viewer }
        """;

    private readonly AuthorizationGraph _graph;
    private readonly List<Operation> _history = [];
    private long _clock;

    private Clients(AuthorizationGraph graph) => _graph = graph;

    /// <summary>One history on a store on disk; what each client does follows from the seed, how they meet does not.</summary>
    public static async Task<List<Operation>> RunAsync(int seed)
    {
        using TemporaryDirectory directory = new();
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Directory(directory.Path) });
        await graph.WriteSchemaAsync(Schema);
        var clients = new Clients(graph);
        await Task.WhenAll(Enumerable.Range(0, ClientCount).Select(client => Task.Run(() => clients.RunAsync(client, new Random(seed * ClientCount + client)))));
        return clients._history;
    }

    private async Task RunAsync(int client, Random random)
    {
        for (int i = 0; i < CallsPerClient; i++)
        {
            Operation done = random.Next(5) switch
            {
                0 or 1 => await WriteAsync(client, random),
                2 => Read(client),
                _ => Check(client, random.Next(TupleCount)),
            };
            lock (_history) _history.Add(done);
        }
    }

    private async Task<Operation> WriteAsync(int client, Random random)
    {
        ulong touched = (ulong)random.Next(1 << TupleCount), deleted = (ulong)random.Next(1 << TupleCount) & ~touched;
        int guard = random.Next(-2, TupleCount);
        bool guardIsThere = random.Next(2) == 0;
        var request = new WriteRequest
        {
            Updates = [.. Updates(UpdateKind.Touch, touched), .. Updates(UpdateKind.Delete, deleted)],
            Preconditions = guard < 0 ? [] : [new Precondition(guardIsThere ? PreconditionKind.MustMatch : PreconditionKind.MustNotMatch, Filter(guard))],
        };
        long called = Tick();
        bool succeeded = await SucceedsAsync(request);
        return new Operation.Write(client, called, Tick(), touched, deleted, Math.Max(guard, -1), guardIsThere, succeeded);
    }

    private async Task<bool> SucceedsAsync(WriteRequest request)
    {
        try
        {
            await _graph.WriteAsync(request);
            return true;
        }
        catch (RejectionException refused) when (refused.Reason == "PRECONDITION_FAILED")
        {
            return false;
        }
    }

    private Operation.Read Read(int client)
    {
        long called = Tick();
        ulong found = 0;
        foreach (RelationTuple tuple in _graph.Snapshot().Read(new TupleFilter { ResourceType = "document" }))
            found |= 1UL << int.Parse(tuple.Resource.Id.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
        return new Operation.Read(client, called, Tick(), found);
    }

    private Operation.Check Check(int client, int tuple)
    {
        long called = Tick();
        bool permitted = _graph.Snapshot().Check(new CheckQuestion(Document(tuple), "view", SubjectRef.Parse("user:ann"))).IsPermitted;
        return new Operation.Check(client, called, Tick(), tuple, permitted);
    }

    private long Tick() => Interlocked.Increment(ref _clock);

    private static IEnumerable<TupleUpdate> Updates(UpdateKind kind, ulong tuples) =>
        from tuple in Enumerable.Range(0, TupleCount)
        where (tuples >> tuple & 1) != 0
        select new TupleUpdate(kind, RelationTuple.Parse($"{Document(tuple)}#viewer@user:ann"));

    private static TupleFilter Filter(int tuple) => new() { ResourceType = "document", ResourceId = $"d{tuple}", Relation = "viewer" };

    private static ObjectRef Document(int tuple) => new("document", $"d{tuple}");
}
