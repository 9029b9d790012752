using System.Collections.Immutable;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Perf.Graph;

/// <summary>
/// A synthetic company: for each of <c>documents</c> documents a folder four deep below an organisation's,
/// one direct viewer, one group, and a chain of four agents that holds view on the folder.
/// Document i: <c>user:u{i}</c> is its viewer; <c>user:m{i}</c> is in its group; <c>user:boss</c> sees it through five
/// folders; <c>agent:a{i}-4</c> acts for <c>user:u{i}</c> by <c>grant:g{i}-4</c>.
/// </summary>
public sealed class SampleGraph : IAsyncDisposable
{
    public const string Schema = """
        use expiration
        use delegation
        definition user { principal human }
        definition group { relation member: user | group#member }
        definition agent { principal agent; relation sponsor: user; relation suspended_by: user }
        definition task { task; relation opened_by: user with expiration; relation closed_by: user; relation parent: task }
        definition grant {
            delegation
            relation delegator: user | agent
            relation delegate: agent with expiration
            relation parent: grant
            relation task: task
            relation onward: agent | agent:*
            relation revoked_by: user
            relation view: folder | document
        }
        definition folder {
            within parent
            relation parent: folder
            relation viewer: user
            permission view = viewer + parent->view
            delegable view
        }
        definition document {
            within folder
            relation folder: folder
            relation viewer: user
            relation reader: group#member
            relation needed: user
            relation banned: user
            permission view = viewer + folder->view
            permission reach = folder->view
            permission read = reader
            permission edit = viewer & needed - banned
            delegable view
        }
        """;

    private const string Always = "[from:2020-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]";
    private const int TuplesPerWrite = 10_000;

    /// <summary>And the organisation's one.</summary>
    public const int TuplesPerDocument = 38;

    private SampleGraph(AuthorizationGraph graph, int documents) => (Graph, Documents) = (graph, documents);

    public AuthorizationGraph Graph { get; }
    public int Documents { get; }

    public static async Task<SampleGraph> OpenAsync(int documents, TimeProvider? time = null, StorageLocation? storage = null)
    {
        AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = storage ?? new StorageLocation.Memory(),
            Time = time ?? TimeProvider.System,
            Limits = Limits.Default with { UpdatesPerWrite = TuplesPerWrite },
        });
        await graph.WriteSchemaAsync(Schema);
        var sample = new SampleGraph(graph, documents);
        const int DocumentsPerWrite = 100;
        await sample.WriteAsync(["folder:org#viewer@user:boss"]);
        for (int first = 0; first < documents; first += DocumentsPerWrite)
            await sample.WriteAsync(Enumerable.Range(first, Math.Min(DocumentsPerWrite, documents - first)).SelectMany(Document));
        return sample;
    }

    public ValueTask DisposeAsync() => Graph.DisposeAsync();

    private async Task WriteAsync(IEnumerable<string> tuples) => await Graph.WriteAsync(new WriteRequest
    {
        Right = WriteRight.Authority,
        Updates = [.. tuples.Select(text => new TupleUpdate(UpdateKind.Create, RelationTuple.Parse(text)))],
    });

    private static IEnumerable<string> Document(int i) =>
    [
        $"document:d{i}#viewer@user:u{i}",
        $"document:d{i}#needed@user:u{i}",
        $"document:d{i}#banned@user:x{i}",
        $"document:d{i}#reader@group:g{i}#member",
        $"group:g{i}#member@user:m{i}",
        $"document:d{i}#folder@folder:f{i}-4",
        .. Enumerable.Range(1, 4).Select(level => $"folder:f{i}-{level}#parent@folder:{(level == 1 ? "org" : $"f{i}-{level - 1}")}"),
        $"task:t{i}#opened_by@user:u{i}{Always}",
        .. Enumerable.Range(1, 4).SelectMany(hop => Hop(i, hop)),
    ];

    private static IEnumerable<string> Hop(int i, int hop) =>
    [
        $"agent:a{i}-{hop}#sponsor@user:u{i}",
        $"grant:g{i}-{hop}#delegator@{(hop == 1 ? $"user:u{i}" : $"agent:a{i}-{hop - 1}")}",
        $"grant:g{i}-{hop}#delegate@agent:a{i}-{hop}{Always}",
        $"grant:g{i}-{hop}#task@task:t{i}",
        $"grant:g{i}-{hop}#onward@agent:*",
        $"grant:g{i}-{hop}#view@folder:f{i}-4",
        .. hop == 1 ? Array.Empty<string>() : [$"grant:g{i}-{hop}#parent@grant:g{i}-{hop - 1}"],
    ];
}
