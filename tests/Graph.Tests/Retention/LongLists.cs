using System.Collections.Immutable;
using AuthzGraph.Graph.Tests.Lookups;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>How a tuple is written: without anything, until some year, or on a condition that holds or does not.</summary>
internal enum Form { Plain, Until, Met, Unmet }

/// <summary>Who views the one document that thousands view, and which documents the one user views who views thousands.</summary>
internal sealed record Crowd(ImmutableDictionary<int, Form> Viewers, ImmutableDictionary<int, Form> Documents)
{
    public static readonly Crowd Nobody = new(ImmutableDictionary<int, Form>.Empty, ImmutableDictionary<int, Form>.Empty);
}

/// <summary>A revision, and what it has to show.</summary>
internal sealed record CrowdAt(string Token, Crowd Crowd);

/// <summary>Writes a forward and a backward list, so long that they are kept in parts, grows them, thins them out and changes how their tuples are written.</summary>
/// <param name="crowd">What is there; null: nobody.</param>
internal sealed class LongLists(AuthorizationGraph graph, Random random, Crowd? crowd = null)
{
    public const int Places = 12_000;

    public const string Schema = """
        use expiration
        caveat above(x int) { x > 0 }
        definition user {}
        definition document { relation viewer: user | user with above | user with expiration; permission view = viewer }
        """;

    private const int UpdatesPerList = 350;

    public static readonly Instant Year2100 = Instant.From(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public Crowd Crowd { get; private set; } = crowd ?? Crowd.Nobody;

    /// <summary>Brings both lists closer to so many tuples, in one transaction.</summary>
    public async Task<CrowdAt> WriteAsync(int viewers, int documents)
    {
        List<TupleUpdate> updates = [];
        Crowd = new Crowd(Change(Crowd.Viewers, viewers, i => ("big", $"u{i}"), updates), Change(Crowd.Documents, documents, i => ($"d{i}", "busy"), updates));
        WriteReceipt receipt = await graph.WriteAsync(new WriteRequest { Updates = [.. updates] });
        return new CrowdAt(receipt.Token, Crowd);
    }

    private ImmutableDictionary<int, Form> Change(ImmutableDictionary<int, Form> list, int wanted, Func<int, (string, string)> edge, List<TupleUpdate> updates)
    {
        ImmutableDictionary<int, Form>.Builder changed = list.ToBuilder();
        bool grows = list.Count < wanted;
        int[] there = [.. list.Keys.OrderBy(_ => random.Next()).Take(UpdatesPerList)];
        int[] any = [.. Enumerable.Range(0, UpdatesPerList).Select(_ => random.Next(Places))];
        int room = Math.Abs(list.Count - wanted);
        foreach (int i in (grows ? any.Take(room) : there.Take(room)).Concat(any.Take(20)).Concat(there.Take(20)).Distinct())
        {
            bool deletes = list.ContainsKey(i) && random.Next(8) < (grows ? 1 : 7);
            if (!deletes && !list.ContainsKey(i) && !grows && random.Next(8) > 0) continue;
            Form form = random.Next(4) == 0 ? (Form)random.Next(4) : Form.Plain;
            if (deletes) changed.Remove(i);
            else changed[i] = form;
            updates.Add(new TupleUpdate(deletes ? UpdateKind.Delete : UpdateKind.Touch, Tuple(edge(i), deletes ? Form.Plain : form)));
        }
        return changed.ToImmutable();
    }

    private static RelationTuple Tuple((string Document, string User) edge, Form form) => RelationTuple.Parse($"document:{edge.Document}#viewer@user:{edge.User}" + form switch
    {
        Form.Until => $"[expiration:{Year2100}]",
        Form.Met => "[above:{\"x\":1}]",
        Form.Unmet => "[above:{\"x\":-1}]",
        _ => "",
    });

    /// <summary>What is asked of both lists at once, one by one and in a batch, of places drawn at random.</summary>
    public static int Check(Snapshot snapshot, Crowd crowd, Random random)
    {
        (int Place, bool OfViewers)[] asked = [.. Enumerable.Range(0, 48).Select(_ => (random.Next(Places), random.Next(2) == 0))];
        CheckQuestion[] questions = [.. asked.Select(a => Question(a.Place, a.OfViewers))];
        var together = new CheckResult[questions.Length];
        snapshot.CheckBatch(questions, together);
        for (int i = 0; i < asked.Length; i++)
        {
            Form? form = (asked[i].OfViewers ? crowd.Viewers : crowd.Documents).TryGetValue(asked[i].Place, out Form found) ? found : null;
            if (together[i].Rejection is { } rejection) throw rejection;
            Assert.Equal(Expected(form), Told(together[i].Answer));
            Assert.Equal(Expected(form), Told(snapshot.Check(questions[i])));
        }
        return asked.Length * 2;
    }

    /// <summary>Reads both lists as tuples, and as lookups in pages.</summary>
    public static void ReadAll(Snapshot snapshot, Crowd crowd, int pageSize)
    {
        var viewers = snapshot.Read(new TupleFilter { ResourceType = "document", ResourceId = "big" }).ToDictionary(t => int.Parse(t.Subject.Object.Id[1..]), FormOf);
        Assert.Equal(crowd.Viewers.OrderBy(v => v.Key), viewers.OrderBy(v => v.Key));
        var documents = snapshot.Read(new TupleFilter { ResourceType = "document", Subject = new SubjectFilter("user", "busy") }).ToDictionary(t => int.Parse(t.Resource.Id[1..]), FormOf);
        Assert.Equal(crowd.Documents.OrderBy(v => v.Key), documents.OrderBy(v => v.Key));
        var subjects = new SubjectLookupRequest { Resource = new ObjectRef("document", "big"), Permission = "view", SubjectType = "user" };
        Assert.Equal(Permitted(crowd.Viewers), Pages.Read(snapshot, subjects, pageSize).Select(found => int.Parse(found.Id[1..])).Order());
        var resources = new ResourceLookupRequest { ResourceType = "document", Permission = "view", Subject = new SubjectRef(new ObjectRef("user", "busy")) };
        Assert.Equal(Permitted(crowd.Documents), Pages.Read(snapshot, resources, pageSize).Select(found => int.Parse(found.Id[1..])).Order());
    }

    private static IEnumerable<int> Permitted(ImmutableDictionary<int, Form> list) => list.Where(one => one.Value != Form.Unmet).Select(one => one.Key).Order();

    private static CheckQuestion Question(int place, bool ofViewers) => new(
        new ObjectRef("document", ofViewers ? "big" : $"d{place}"), "view", new SubjectRef(new ObjectRef("user", ofViewers ? $"u{place}" : "busy")));

    private static (bool, Instant) Expected(Form? form) => (form is not (null or Form.Unmet), form is Form.Until ? Year2100 : Instant.Never);

    private static (bool, Instant) Told(Answer answer) => (answer.IsPermitted, answer.ValidUntil);

    /// <summary>How a tuple that was read was written.</summary>
    public static Form FormOf(RelationTuple tuple) => tuple switch
    {
        { Caveat.ContextJson: { } json } => json.Contains('-', StringComparison.Ordinal) ? Form.Unmet : Form.Met,
        _ => tuple.Window.ExpiresAt.IsFinite ? Form.Until : Form.Plain,
    };
}
