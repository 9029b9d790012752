using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>A store that is opened with another retention than before.</summary>
public sealed class ChangedRetentionTests
{
    private const string Schema = """
        use expiration
        definition user {}
        definition document {
            relation viewer: user | user with expiration
            permission view = viewer
        }
        """;

    private static CheckQuestion Question => new(ObjectRef.Parse("document:readme"), "view", SubjectRef.Parse("user:ann"));

    /// <summary>What ended long before was collected under the shorter one: nobody knows any more who had access then.</summary>
    [Fact]
    public async Task A_longer_retention_brings_no_instant_back_that_was_forgotten_under_a_shorter_one()
    {
        using TemporaryDirectory directory = new();
        ManualTime time = new("2026-01-01T00:00:00Z");
        await using (AuthorizationGraph graph = await OpenAsync(directory, time, TimeSpan.FromHours(24)))
        {
            await graph.WriteSchemaAsync(Schema);
            await TouchAsync(graph, "document:readme#viewer@user:ann[expiration:2026-01-01T01:00:00Z]");
            time.Set("2026-01-05T00:00:00Z");
            await TouchAsync(graph, "document:readme#viewer@user:bob");
            await graph.CheckpointAsync();
        }
        await ExpectForgottenAsync(directory, time);
        VerificationReport report = StoreDirectory.Verify(directory.Path);
        Assert.True(report.IsWhole, string.Join('\n', report.Findings));
    }

    /// <summary>The same where no checkpoint tells what was forgotten, only the log.</summary>
    [Fact]
    public async Task Nor_does_it_where_a_number_was_given_out_again()
    {
        using TemporaryDirectory directory = new();
        ManualTime time = new("2026-01-01T00:00:00Z");
        await using (AuthorizationGraph graph = await OpenAsync(directory, time, TimeSpan.FromHours(24)))
        {
            await graph.WriteSchemaAsync(Schema);
            await TouchAsync(graph, "document:readme#viewer@user:ann[expiration:2026-01-01T01:00:00Z]");
            time.Set("2026-01-05T00:00:00Z");
            Assert.False(graph.Snapshot().Check(Question).IsPermitted);
            await graph.ReclaimAsync();
            await TouchAsync(graph, "document:readme#viewer@user:bob");
        }
        await ExpectForgottenAsync(directory, time);
    }

    private static async Task ExpectForgottenAsync(TemporaryDirectory directory, TimeProvider time)
    {
        for (int life = 0; life < 3; life++)
        {
            await using AuthorizationGraph graph = await OpenAsync(directory, time, TimeSpan.FromDays(7));
            RejectionException refusal = Assert.Throws<RejectionException>(() => graph.Snapshot().At(Scenario.Time("2026-01-01T00:30:00Z")).Check(Question));
            Assert.Equal("INSTANT_TOO_OLD", refusal.Reason);
            await TouchAsync(graph, $"document:readme#viewer@user:u{life}");
            await graph.CheckpointAsync();
        }
    }

    private static async Task TouchAsync(AuthorizationGraph graph, string tuple) =>
        await graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(UpdateKind.Touch, RelationTuple.Parse(tuple))] });

    private static ValueTask<AuthorizationGraph> OpenAsync(TemporaryDirectory directory, TimeProvider time, TimeSpan retention) => AuthorizationGraph.OpenAsync(
        new GraphOptions { Storage = new StorageLocation.Directory(directory.Path), Time = time, Limits = Limits.Default with { Retention = retention } });
}
