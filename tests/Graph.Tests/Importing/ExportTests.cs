using System.Collections.Immutable;
using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Importing;

public sealed class ExportTests(ITestOutputHelper output)
{
    private const string Schema = """
        use expiration
        definition user {}
        caveat small(amount int) { amount < 5 }
        definition group { relation member: user | group#member }
        definition document {
            relation viewer: user | user:* | group#member | user with expiration | user with small
            relation editor: user
            permission view = viewer
        }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1_000)]
    public async Task What_is_exported_page_by_page_while_others_write_is_the_snapshot_and_comes_back_by_an_import(int pageSize)
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using Scenario graph = await Scenario.Of(Schema, string.Join('\n', Enumerable.Range(0, 200).Select(_ => Tuple(random)).DistinctBy(Key)));
        Snapshot snapshot = graph.Graph.Snapshot();
        string[] stored = All(snapshot);
        var request = new ExportRequest { PageSize = pageSize, Consistency = new Consistency.AtExactSnapshot(snapshot.Token) };
        List<RelationTuple> exported = [];
        for (bool done = false; !done;)
        {
            ExportPage page = graph.Graph.Export(request).First();
            exported.AddRange(page.Tuples);
            request = request with { Cursor = page.Cursor };
            done = page.IsLast;
            if (random.Next(3) == 0) await graph.Touch(Tuple(random));
            if (random.Next(3) == 0) await graph.Delete(Key(stored[random.Next(stored.Length)]));
        }
        Assert.Equal(stored, exported.Select(t => t.ToString()).Order(StringComparer.Ordinal));
        Assert.Empty(Assert.Single(graph.Graph.Export(request)).Tuples);
        Assert.Equal(exported.Select(t => t.Resource).Distinct().Count(), Runs(exported));

        await using Scenario other = await Scenario.Of(Schema);
        IEnumerable<string> file = exported.Select(t => t.ToString());
        await other.ImportAsync(new ImportRequest { Kind = UpdateKind.Create, ChunkSize = 7 }, [.. file]);
        Assert.Equal(stored, All(other.Graph.Snapshot()));
    }

    [Fact]
    public async Task A_filter_narrows_an_export()
    {
        var random = new Random(5);
        await using Scenario graph = await Scenario.Of(Schema, string.Join('\n', Enumerable.Range(0, 100).Select(_ => Tuple(random)).DistinctBy(Key)));
        TupleFilter[] filters =
        [
            new() { ResourceType = "document" }, new() { ResourceId = "d3" }, new() { ResourceIdPrefix = "d" }, new() { Relation = "editor" },
            new() { Subject = new SubjectFilter("user", "u2") }, new() { Subject = new SubjectFilter("user", "*") }, new() { Subject = new SubjectFilter("group", null, "member") },
        ];
        foreach (TupleFilter filter in filters)
        {
            string[] read = [.. graph.Graph.Snapshot().Read(filter).Select(t => t.ToString()).Order(StringComparer.Ordinal)];
            IEnumerable<RelationTuple> exported = graph.Graph.Export(new ExportRequest { Filter = filter, PageSize = 3 }).SelectMany(p => p.Tuples);
            Assert.NotEmpty(read);
            Assert.Equal(read, exported.Select(t => t.ToString()).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task An_export_goes_on_after_a_restart_where_it_stood()
    {
        using var directory = new TemporaryDirectory();
        var options = new GraphOptions { Storage = new StorageLocation.Directory(directory.Path) };
        string[] tuples = [.. Enumerable.Range(0, 10).Select(i => $"document:d{i}#editor@user:ann")];
        ExportPage first;
        await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options))
        {
            await graph.WriteSchemaAsync(Schema);
            await graph.WriteAsync(new WriteRequest { Updates = [.. tuples.Select(t => new TupleUpdate(UpdateKind.Touch, RelationTuple.Parse(t)))] });
            first = graph.Export(new ExportRequest { PageSize = 4 }).First();
        }
        await using AuthorizationGraph reopened = await AuthorizationGraph.OpenAsync(options);
        IEnumerable<RelationTuple> rest = reopened.Export(new ExportRequest { Cursor = first.Cursor }).SelectMany(p => p.Tuples);
        Assert.Equal(tuples, first.Tuples.Concat(rest).Select(t => t.ToString()));
    }

    [Fact]
    public async Task A_cursor_that_was_changed_or_is_anothers_is_refused()
    {
        await using Scenario graph = await Scenario.Of(Schema, "document:aaa#editor@user:ann\ndocument:bbb#editor@user:ann");
        await using Scenario other = await Scenario.Of(Schema, "document:aaa#editor@user:ann\ndocument:bbb#editor@user:ann");
        var filter = new TupleFilter { ResourceType = "document" };
        string cursor = graph.Graph.Export(new ExportRequest { PageSize = 1, Filter = filter }).First().Cursor;
        string changed = cursor[..40] + (cursor[40] == 'A' ? 'B' : 'A') + cursor[41..];
        Assert.Equal("CURSOR_OF_ANOTHER_FILTER", Refused(graph, new ExportRequest { Cursor = cursor }));
        Assert.Equal("CURSOR_OF_ANOTHER_FILTER", Refused(graph, new ExportRequest { Cursor = cursor, Filter = new TupleFilter { ResourceId = "document" } }));
        Assert.Equal("CURSOR_OF_ANOTHER_STORE", Refused(other, new ExportRequest { Cursor = cursor, Filter = filter }));
        Assert.Equal("INVALID_CURSOR", Refused(graph, new ExportRequest { Cursor = changed, Filter = filter }));
        Assert.Equal("INVALID_CURSOR", Refused(graph, new ExportRequest { Cursor = "nonsense" }));
        Assert.Equal("INVALID_CURSOR", Refused(graph, new ExportRequest { Cursor = graph.Graph.Snapshot().Token }));

        static string Refused(Scenario graph, ExportRequest request) => Assert.Throws<RejectionException>(() => graph.Graph.Export(request)).Reason;
    }

    private static int Runs(List<RelationTuple> tuples) => tuples.Where((t, i) => i == 0 || tuples[i - 1].Resource != t.Resource).Count();

    private static string[] All(Snapshot snapshot) => [.. ImmutableArray.Create("group", "document")
        .SelectMany(type => snapshot.Read(new TupleFilter { ResourceType = type })).Select(t => t.ToString()).Order(StringComparer.Ordinal)];

    private static string Key(string tuple) => tuple.Split('[')[0];

    private static string Tuple(Random random) => random.Next(6) switch
    {
        0 => $"group:g{random.Next(5)}#member@user:u{random.Next(5)}",
        1 => $"group:g{random.Next(5)}#member@group:g{random.Next(5)}#member",
        2 => $"document:d{random.Next(9)}#editor@user:u{random.Next(5)}",
        3 => $"document:d{random.Next(9)}#viewer@user:*",
        4 => $"document:d{random.Next(9)}#viewer@user:u{random.Next(5)}[small:{{\"amount\":{random.Next(9)}}}]",
        _ => $"document:d{random.Next(9)}#viewer@user:u{random.Next(5)}[expiration:299{random.Next(9)}-01-01T00:00:00Z]",
    };
}
