using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Lookups;

public sealed class ResourceLookupTests
{
    private const string Schema = """
        caveat weekday(day int) { day < 6 }
        definition user {}
        definition group { relation member: user | group#member }
        definition folder { relation parent: folder; relation viewer: user | group#member; permission view = viewer + parent->view }
        definition document {
            relation folder: folder
            relation viewer: user | user:* | group#member | user with weekday
            relation needed: user
            relation banned: user
            permission view = viewer + folder->view
            permission edit = (viewer & needed) - banned
            permission all = folder.all(view)
        }
        """;

    [Fact]
    public async Task Documents_are_found_directly_through_groups_and_through_folders_each_once()
    {
        await using Scenario graph = await Scenario.Of(Schema, """
            group:eng#member@user:ann
            group:all#member@group:eng#member
            folder:top#viewer@group:all#member
            folder:sub#parent@folder:top
            document:plan#folder@folder:sub
            document:plan#viewer@user:ann
            document:notes#viewer@group:all#member
            document:public#viewer@user:*
            document:other#viewer@user:bob
            """);
        Assert.Equal(["notes", "plan", "public"], Found(graph, "document", "view", "user:ann"));
        Assert.Equal(["sub", "top"], Found(graph, "folder", "view", "user:ann"));
        Assert.Equal(["public"], Found(graph, "document", "view", "user:nobody"));
        Assert.Equal(["notes", "plan"], Found(graph, "document", "view", "group:eng#member"));
    }

    [Theory]
    [InlineData("anything")]
    [InlineData("else")]
    public async Task An_object_that_a_check_cannot_decide_fails_no_lookup_that_does_not_meet_it(string deep)
    {
        string[] folders = [deep, .. Enumerable.Range(1, 60).Select(i => $"f{i}")];
        string above = string.Join('\n', folders.Zip(folders.Skip(1), (folder, parent) => $"folder:{folder}#parent@folder:{parent}"));
        await using Scenario graph = await Scenario.Of(Schema, $"{above}\nfolder:mine#viewer@user:ann");
        Assert.Equal("CHECK_DEPTH_LIMIT", Assert.Throws<RejectionException>(() => graph.Ask($"folder:{deep}#view@user:ann")).Reason);
        Assert.Equal(["mine"], Found(graph, "folder", "view", "user:ann"));
    }

    [Fact]
    public async Task Intersections_and_exclusions_are_asked_about()
    {
        await using Scenario graph = await Scenario.Of(Schema, """
            document:both#viewer@user:ann
            document:both#needed@user:ann
            document:banned#viewer@user:ann
            document:banned#needed@user:ann
            document:banned#banned@user:ann
            document:half#viewer@user:ann
            document:open#viewer@user:*
            document:open#needed@user:ann
            folder:a#viewer@user:ann
            folder:b#viewer@user:bob
            document:mixed#folder@folder:a
            document:mixed#folder@folder:b
            document:whole#folder@folder:a
            """);
        Assert.Equal(["both", "open"], Found(graph, "document", "edit", "user:ann"));
        Assert.Equal(["whole"], Found(graph, "document", "all", "user:ann"));
    }

    [Fact]
    public async Task A_condition_that_is_open_is_named()
    {
        await using Scenario graph = await Scenario.Of(Schema, "document:plan#viewer@user:ann[weekday]");
        Assert.Equal(["plan[day]"], Found(graph, "document", "view", "user:ann"));
        Assert.Equal(["plan"], Found(graph, "document", "view", "user:ann", """{"day":3}"""));
        Assert.Equal([], Found(graph, "document", "view", "user:ann", """{"day":7}"""));
    }

    [Fact]
    public async Task A_cursor_goes_on_at_its_own_snapshot_whatever_is_written_meanwhile()
    {
        await using Scenario graph = await Scenario.Of(Schema, Documents(0, 50));
        ResourceLookupRequest request = Request("document", "view", "user:ann");
        string whole = Pages.Of(graph.Graph.Snapshot(), request, pageSize: null).Text;
        List<string> found = [];
        string? cursor = null;
        for (int page = 0; page < 10; page++)
        {
            using ResourceLookup lookup = graph.Graph.Snapshot().LookupResources(request with { Limit = 5, Cursor = cursor });
            while (lookup.MoveNext())
            {
                found.Add(lookup.Id);
                cursor = lookup.Cursor;
            }
            await graph.Touch(Documents(100 + page * 10, 10));
            await graph.Delete($"document:d{page}#viewer@user:ann");
        }
        Assert.Equal(whole, string.Join(' ', found));
    }

    [Theory]
    [InlineData("user:bob", "CURSOR_OF_ANOTHER_QUERY")]
    [InlineData("user:ann", "INVALID_CURSOR")]
    public async Task A_cursor_belongs_to_its_query_and_cannot_be_changed(string subject, string reason)
    {
        await using Scenario graph = await Scenario.Of(Schema, Documents(0, 3));
        using ResourceLookup lookup = graph.Graph.Snapshot().LookupResources(Request("document", "view", "user:ann"));
        Assert.True(lookup.MoveNext());
        string cursor = subject == "user:ann" ? lookup.Cursor[..^2] + "AA" : lookup.Cursor;
        Assert.Equal(reason, Refused(() => graph.Graph.Snapshot().LookupResources(Request("document", "view", subject) with { Cursor = cursor })));
    }

    [Fact]
    public async Task A_cursor_of_another_store_is_refused()
    {
        await using Scenario one = await Scenario.Of(Schema, Documents(0, 3));
        await using Scenario other = await Scenario.Of(Schema, Documents(0, 3));
        using ResourceLookup lookup = one.Graph.Snapshot().LookupResources(Request("document", "view", "user:ann"));
        Assert.True(lookup.MoveNext());
        string cursor = lookup.Cursor;
        Assert.Equal("CURSOR_OF_ANOTHER_STORE", Refused(() => other.Graph.Snapshot().LookupResources(Request("document", "view", "user:ann") with { Cursor = cursor })));
    }

    [Fact]
    public async Task A_lookup_stops_when_it_is_cancelled()
    {
        await using Scenario graph = await Scenario.Of(Schema, Documents(0, 500));
        using CancellationTokenSource source = new();
        using ResourceLookup lookup = graph.Graph.Snapshot().LookupResources(Request("document", "view", "user:ann"), source.Token);
        Assert.True(lookup.MoveNext());
        await source.CancelAsync();
        Assert.Throws<OperationCanceledException>(() => { while (lookup.MoveNext()) { } });
    }

    [Theory]
    [InlineData("document", "fly", "user:ann", "UNKNOWN_RELATION")]
    [InlineData("plane", "view", "user:ann", "UNKNOWN_TYPE")]
    [InlineData("document", "view", "user:*", "WILDCARD_NOT_ALLOWED")]
    public async Task A_request_that_means_nothing_is_refused(string type, string permission, string subject, string reason)
    {
        await using Scenario graph = await Scenario.Of(Schema, Documents(0, 1));
        Assert.Equal(reason, Refused(() => graph.Graph.Snapshot().LookupResources(Request(type, permission, subject))));
    }

    [Fact]
    public async Task Meeting_more_objects_than_the_limit_is_an_error_that_names_it()
    {
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = new StorageLocation.Memory(),
            Limits = Limits.Default with { LookupStates = 100 },
        });
        await graph.WriteSchemaAsync(Schema);
        await graph.WriteAsync(new WriteRequest { Updates = [.. Documents(0, 200).Split('\n').Select(t => new TupleUpdate(UpdateKind.Create, RelationTuple.Parse(t)))] });
        using ResourceLookup lookup = graph.Snapshot().LookupResources(Request("document", "view", "user:ann"));
        Assert.Equal("LOOKUP_STATE_LIMIT", Refused(() => { while (lookup.MoveNext()) { } }));
    }

    [Fact]
    public async Task A_result_allocates_nothing()
    {
        await using Scenario graph = await Scenario.Of(Schema, Documents(0, 900));
        for (int i = 0; i < 20; i++) Count(graph.Graph, "view", out _);
        long least = Enumerable.Range(0, 5).Min(_ => { Assert.Equal(900, Count(graph.Graph, "view", out long bytes)); return bytes; });
        Assert.Equal(0, least);
    }

    private static int Count(AuthorizationGraph graph, string permission, out long bytesPerResult)
    {
        using ResourceLookup lookup = graph.Snapshot().LookupResources(Request("document", permission, "user:ann"));
        int count = 0;
        Assert.True(lookup.MoveNext());
        long before = GC.GetAllocatedBytesForCurrentThread();
        do count += lookup.IdUtf8.Length > 0 ? 1 : 0; while (lookup.MoveNext());
        bytesPerResult = GC.GetAllocatedBytesForCurrentThread() - before;
        return count;
    }

    private static string Documents(int first, int count) => string.Join('\n', Enumerable.Range(first, count).Select(i => $"document:d{i}#viewer@user:ann"));

    private static string Refused(Action action) => Assert.Throws<RejectionException>(action).Reason;

    private static ResourceLookupRequest Request(string type, string permission, string subject) =>
        new() { ResourceType = type, Permission = permission, Subject = SubjectRef.Parse(subject) };

    private static IEnumerable<string> Found(Scenario graph, string type, string permission, string subject, string? context = null) =>
        Pages.Of(graph.Graph.Snapshot(), Request(type, permission, subject) with { ContextJson = context }, pageSize: null)
            .Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
}
