using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests;

public sealed class DeleteTests(ITestOutputHelper output)
{
    private const string Schema = """
        use expiration
        definition user {}
        definition group { relation member: user }
        definition document {
            relation viewer: user | group#member | user with expiration
            relation editor: user
            permission view = viewer + editor
        }
        """;

    [Fact]
    public async Task Deleting_by_filter_deletes_what_matches_and_nothing_else()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using Scenario graph = await Scenario.Of(Schema);
        string[] tuples = [.. Enumerable.Range(0, 300).Select(_ => Tuple(random)).Distinct()];
        for (int round = 0; round < 25; round++)
        {
            await graph.Touch(string.Join('\n', tuples.Where(_ => random.Next(2) == 0).Append(tuples[0]).Distinct()));
            string[] before = Read(graph);
            (TupleFilter filter, Func<string, bool> matches) = Filter(random);
            int expected = before.Count(matches);
            int limit = random.Next(1, 12);
            Revision revision = graph.Graph.Snapshot().Revision;
            int deleted = 0;
            for (bool complete = false; !complete;)
            {
                DeleteReceipt receipt = await graph.Graph.DeleteAsync(new DeleteRequest { Filter = filter, Limit = limit, AllowPartial = true });
                deleted += receipt.Deleted;
                complete = receipt.IsComplete;
                Assert.Equal(complete ? expected - deleted + receipt.Deleted : limit, receipt.Deleted);
                Assert.Equal(receipt.Deleted == 0 ? revision : revision.Next, receipt.Written.Revision);
                revision = receipt.Written.Revision;
            }
            Assert.Equal(expected, deleted);
            Assert.Equal(before.Where(t => !matches(t)), Read(graph));
        }
    }

    [Fact]
    public async Task More_than_the_limit_is_refused_unless_a_part_will_do()
    {
        await using Scenario graph = await Scenario.Of(Schema, "document:aaa#viewer@user:ann\ndocument:aaa#viewer@user:bob\ndocument:aaa#viewer@user:eve");
        var request = new DeleteRequest { Filter = new TupleFilter { ResourceType = "document" }, Limit = 2 };
        Assert.Equal("TOO_MANY_TO_DELETE", (await Refused(graph, request)).Reason);
        Assert.Equal(3, Read(graph).Length);
        DeleteReceipt part = await graph.Graph.DeleteAsync(request with { AllowPartial = true });
        Assert.Equal((2, false), (part.Deleted, part.IsComplete));
        DeleteReceipt rest = await graph.Graph.DeleteAsync(request with { AllowPartial = true });
        Assert.Equal((1, true), (rest.Deleted, rest.IsComplete));
        DeleteReceipt nothing = await graph.Graph.DeleteAsync(request);
        Assert.Equal((0, true, rest.Written.Revision), (nothing.Deleted, nothing.IsComplete, nothing.Written.Revision));
    }

    [Fact]
    public async Task Preconditions_metadata_and_rights_hold_for_deletes_too()
    {
        await using Scenario graph = await Scenario.Of(Schema, "document:aaa#viewer@user:ann");
        var request = new DeleteRequest { Filter = new TupleFilter { ResourceType = "document" } };
        var group = new Precondition(PreconditionKind.MustMatch, new TupleFilter { ResourceType = "group" });
        Assert.Equal("PRECONDITION_FAILED", (await Refused(graph, request with { Preconditions = [group] })).Reason);
        Assert.Equal("INVALID_METADATA", (await Refused(graph, request with { MetadataJson = "[]" })).Reason);
        Assert.Equal("INVALID_LIMIT", (await Refused(graph, request with { Limit = 0 })).Reason);
        Assert.Equal("EMPTY_FILTER", (await Refused(graph, request with { Filter = new TupleFilter() })).Reason);
        Assert.Single(Read(graph));
    }

    private static string Tuple(Random random)
    {
        string relation = random.Next(2) == 0 ? "viewer" : "editor";
        string subject = relation == "viewer" && random.Next(3) == 0 ? $"group:g{random.Next(3)}#member" : $"user:u{random.Next(6)}";
        return $"document:{(char)random.Next('a', 'd')}{random.Next(10)}#{relation}@{subject}";
    }

    private static (TupleFilter, Func<string, bool>) Filter(Random random)
    {
        string document = $"{(char)random.Next('a', 'd')}{random.Next(10)}";
        string user = $"u{random.Next(6)}";
        return random.Next(6) switch
        {
            0 => (new TupleFilter { ResourceType = "document" }, _ => true),
            1 => (new TupleFilter { ResourceId = document }, t => t.StartsWith($"document:{document}#", StringComparison.Ordinal)),
            2 => (new TupleFilter { ResourceIdPrefix = document[..1] }, t => t.StartsWith($"document:{document[..1]}", StringComparison.Ordinal)),
            3 => (new TupleFilter { Relation = "editor" }, t => t.Contains("#editor@")),
            4 => (new TupleFilter { Subject = new SubjectFilter("user", user) }, t => t.EndsWith($"@user:{user}", StringComparison.Ordinal)),
            _ => (new TupleFilter { Subject = new SubjectFilter("group", Relation: "member") }, t => t.Contains("@group:")),
        };
    }

    private static string[] Read(Scenario graph) =>
        [.. graph.Graph.Snapshot().Read(new TupleFilter { ResourceType = "document" }).Select(t => t.ToString()).Order(StringComparer.Ordinal)];

    private static Task<RejectionException> Refused(Scenario graph, DeleteRequest request) =>
        Assert.ThrowsAsync<RejectionException>(async () => await graph.Graph.DeleteAsync(request));
}
