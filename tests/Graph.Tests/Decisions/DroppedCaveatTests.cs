using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Decisions;

/// <summary>A schema may drop a caveat once every tuple with it has ended; the tuples are still there for whoever asks about an instant before.</summary>
public sealed class DroppedCaveatTests : IAsyncLifetime
{
    private const string With = """
        use expiration
        caveat small(amount int, cap int) { amount <= cap }
        definition user {}
        definition document { relation viewer: user | user with expiration | user with small and expiration; permission view = viewer }
        """;

    private const string Without = """
        use expiration
        definition user {}
        definition document { relation viewer: user | user with expiration; permission view = viewer }
        """;

    private const string WithAnother = """
        use expiration
        caveat small(size string) { size == "small" }
        definition user {}
        definition document { relation viewer: user | user with expiration | user with small and expiration; permission view = viewer }
        """;

    private static readonly Instant Before = Instant.From(DateTimeOffset.Parse("2026-01-01T00:30:00Z"));
    private static readonly ObjectRef Document = new("document", "d");

    private readonly ManualTime _time = new("2026-01-01T00:00:00Z");
    private AuthorizationGraph? _graph;

    private AuthorizationGraph Graph => _graph ?? throw new InvalidOperationException("not open");

    public async Task InitializeAsync()
    {
        _graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Memory(), Time = _time });
        await Graph.WriteSchemaAsync(With);
        string[] tuples = ["document:d#viewer@user:ann[small:{\"cap\":5}][expiration:2026-01-01T01:00:00Z]", "document:d#viewer@user:bob"];
        await Graph.WriteAsync(new WriteRequest { Updates = [.. tuples.Select(t => new TupleUpdate(UpdateKind.Create, RelationTuple.Parse(t)))] });
        _time.Set("2026-01-01T02:00:00Z");
    }

    public async Task DisposeAsync() => await Graph.DisposeAsync();

    [Theory]
    [InlineData(Without)]
    [InlineData(WithAnother)]
    public async Task What_a_dropped_caveat_decided_is_refused_and_all_else_answered_as_before(string schema)
    {
        Snapshot old = Graph.Snapshot();
        Assert.True(old.At(Before).Check(Question("ann")).IsPermitted);
        await Graph.WriteSchemaAsync(schema);
        Assert.True(old.At(Before).Check(Question("ann")).IsPermitted);

        Snapshot now = Graph.Snapshot(), then = now.At(Before);
        Assert.Equal(DenialCode.NoPermission, now.Check(Question("ann")).Code);
        Assert.True(then.Check(Question("bob")).IsPermitted);
        Assert.Equal(DenialCode.NoPermission, then.Check(Question("eve")).Code);
        ExpectRefusal(() => then.Check(Question("ann")));
        ExpectRefusal(() => then.Check(Question("ann"), new Evidence()));
        CheckResult[] together = new CheckResult[2];
        then.CheckBatch([Question("ann"), Question("bob")], together);
        Assert.Equal("CAVEAT_GONE", together[0].Rejection?.Reason);
        Assert.True(together[1].Answer.IsPermitted);
        ExpectRefusal(() => then.LookupResources(new ResourceLookupRequest { ResourceType = "document", Permission = "view", Subject = Subject("ann") }).ToEnd().Count());
        ExpectRefusal(() => then.LookupSubjects(new SubjectLookupRequest { Resource = Document, Permission = "view", SubjectType = "user" }).ToEnd().Count());
        Assert.Contains("small", string.Join(' ', then.Read(new TupleFilter { ResourceType = "document" })), StringComparison.Ordinal);
    }

    private static void ExpectRefusal(Func<object> ask)
    {
        RejectionException refusal = Assert.Throws<RejectionException>(() => ask());
        Assert.Equal("CAVEAT_GONE", refusal.Reason);
        Assert.Contains("`small`", refusal.Message, StringComparison.Ordinal);
    }

    private static CheckQuestion Question(string user) => new(Document, "view", Subject(user)) { ContextJson = "{\"amount\":3}" };

    private static SubjectRef Subject(string user) => new(new ObjectRef("user", user));
}
