using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>What generated cases once found, in the fewest tuples.</summary>
public sealed class ScenarioTests
{
    private const string Schema = """
        use expiration
        use delegation
        definition user { principal human }
        definition agent {
            principal agent
            relation sponsor: user
        }
        definition grant {
            delegation
            relation delegator: user
            relation delegate: agent with expiration
            relation view: folder
        }
        definition folder {
            relation viewer: user
            permission view = viewer
        }
        definition document {
            within folder
            relation folder: folder with expiration
            relation viewer: user
            permission view = viewer
            delegable view
        }
        """;

    [Fact]
    public async Task Every_discovered_permit_ends_when_the_resource_leaves_what_was_lent()
    {
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Memory() });
        await graph.WriteSchemaAsync(Schema);
        string[] tuples =
        [
            "document:d#viewer@user:ann",
            "document:d#folder@folder:f[from:2030-01-01T00:00:00Z][expiration:2030-01-01T00:01:00Z]",
            "agent:a#sponsor@user:ann",
            "grant:short#delegator@user:ann", "grant:short#view@folder:f",
            "grant:short#delegate@agent:a[from:2030-01-01T00:00:00Z][expiration:2030-01-01T00:05:00Z]",
            "grant:long#delegator@user:ann", "grant:long#view@folder:f",
            "grant:long#delegate@agent:a[from:2030-01-01T00:00:00Z][expiration:2030-01-01T00:10:00Z]",
        ];
        await graph.WriteAsync(new WriteRequest
        {
            Updates = [.. tuples.Select(t => new TupleUpdate(UpdateKind.Create, RelationTuple.Parse(t)))],
            Right = WriteRight.Authority,
        });

        CheckQuestion question = new(ObjectRef.Parse("document:d"), "view", SubjectRef.Parse("agent:a"), new Acting(Root: ObjectRef.Parse("user:ann")));
        Answer answer = graph.Snapshot().At(Instant.From(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))).Check(question);

        Assert.True(answer.IsPermitted);
        Assert.Equal("2030-01-01T00:01:00Z", answer.ValidUntil.ToString());
    }
}
