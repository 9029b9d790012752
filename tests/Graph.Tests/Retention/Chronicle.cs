using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Graph.Tests.Importing;
using AuthzGraph.Graph.Tests.Watching;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>
/// Random writes, and beside them, slow and obvious, what each revision changed and what it left. Names and caveats come and go with the
/// eras and come back (<see cref="Fashion"/>), so that their numbers serve others; tuples have windows; schemas drop what they had and have
/// it again.
/// </summary>
internal sealed class Chronicle(Random random)
{
    private static readonly string[] Types = ["document", "group", "folder"];

    private readonly Dictionary<string, Held> _tuples = [];
    private readonly List<(WriteRequest Request, Revision Revision, Instant At)> _keyed = [];
    private bool _hasFolders;

    /// <summary>What a tuple says beside its key, when it ends, and whether its caveat lets anybody in.</summary>
    public sealed record Held(string Text, Instant Ends, bool Permits);

    /// <summary>A revision, when it was written, what it changed, and the tuples it left.</summary>
    public sealed record Past(Revision Revision, Instant At, string[] Changes, IReadOnlyDictionary<string, Held> Tuples, bool HasFolders);

    /// <summary>Of revision i + 1.</summary>
    public List<Past> Revisions { get; } = [];

    public Revision Head => new((ulong)Revisions.Count);

    /// <summary>What a watch from behind a revision tells, the changes of each revision sorted.</summary>
    public IEnumerable<string> After(Revision revision) =>
        Revisions.Skip((int)revision.Value).SelectMany(p => p.Changes.Order(StringComparer.Ordinal).Select(line => $"{p.Revision} {line}"));

    /// <summary>Forgets what was written after a revision: it was lost, and nobody had been told that it was done.</summary>
    public void Rewind(Revision head)
    {
        Revisions.RemoveRange((int)head.Value, Revisions.Count - (int)head.Value);
        _keyed.RemoveAll(keyed => keyed.Revision > head);
        _tuples.Clear();
        _hasFolders = Revisions is [.., { HasFolders: true }];
        if (Revisions is [.., var last])
            foreach ((string key, Held held) in last.Tuples) _tuples.Add(key, held);
    }

    /// <summary>A chronicle of its own of what was written up to a revision.</summary>
    public Chronicle Until(Revision head, Random next)
    {
        Chronicle copy = new(next);
        copy.Revisions.AddRange(Revisions);
        copy._keyed.AddRange(_keyed);
        copy.Rewind(head);
        return copy;
    }

    /// <summary>Writes the schema, or the next one: folders and owners come, or go with all that was written of them.</summary>
    public async Task WriteSchemaAsync(AuthorizationGraph graph, Instant now)
    {
        if (_hasFolders)
        {
            await DeleteAsync(graph, now, new TupleFilter { ResourceType = "folder" }, key => key.StartsWith("folder:", StringComparison.Ordinal));
            await DeleteAsync(graph, now, new TupleFilter { ResourceType = "document", Relation = "owner" }, key => key.Contains("#owner@", StringComparison.Ordinal));
        }
        _hasFolders = Revisions.Count > 0 && !_hasFolders;
        string text = ChronicleKeys.SchemaText(_hasFolders) + $"// {Revisions.Count}";
        Revision expected = Note(now, ["schema"]);
        Assert.Equal(expected, (await graph.WriteSchemaAsync(text)).Revision);
    }

    /// <summary>A transaction of a few random updates. It is noted at once, and expected to be what was noted when it is done.</summary>
    /// <param name="now">The graph's clock.</param>
    /// <param name="era">Which names are worn.</param>
    public Task WriteAsync(AuthorizationGraph graph, Instant now, int era)
    {
        Dictionary<string, (UpdateKind Kind, string Text, string? Line)> updates = Updates(now, era, mayDelete: true);
        return WriteAsync(graph, now, [.. updates.Values.Select(u => u.Line).OfType<string>()], updates.Values.Select(u => (u.Kind, u.Text)));
    }

    /// <summary>The same by an import, in one transaction.</summary>
    public async Task ImportAsync(AuthorizationGraph graph, Instant now, int era)
    {
        Dictionary<string, (UpdateKind Kind, string Text, string? Line)> updates = Updates(now, era, mayDelete: false);
        string[] lines = [.. updates.Values.Select(u => u.Line).OfType<string>()];
        Revision expected = lines.Length > 0 ? Note(now, lines) : Head;
        List<ImportReceipt> receipts = await graph.ImportAsync(new ImportRequest { Mode = ImportMode.Atomic }, [.. updates.Values.Select(u => u.Text)]);
        Assert.Equal(expected, receipts[^1].Written.Revision);
    }

    /// <summary>Notes a transaction of so many updates that an import is to make, each of another tuple; their texts.</summary>
    public string[] NoteChunk(Instant now, int era, int count)
    {
        Dictionary<string, (UpdateKind Kind, string Text, string? Line)> updates = [];
        while (updates.Count < count) Update(updates, now, era, mayDelete: false);
        Note(now, [.. updates.Values.Select(u => u.Line).OfType<string>()]);
        return [.. updates.Values.Select(u => u.Text)];
    }

    /// <summary>Takes back what <see cref="Rewind"/> forgot: it was done after all.</summary>
    public void Append(IEnumerable<Past> done)
    {
        Revisions.AddRange(done);
        Rewind(Head);
    }

    /// <summary>Deletes some of what one filter matches; which, nobody says before.</summary>
    public async Task DeletePartlyAsync(AuthorizationGraph graph, Instant now)
    {
        string[] keys = [.. _tuples.Where(t => t.Value.Ends > now && t.Key.StartsWith("document:", StringComparison.Ordinal)).Select(t => t.Key)];
        int most = random.Next(1, 6);
        DeleteReceipt receipt = await graph.DeleteAsync(new DeleteRequest { Filter = new TupleFilter { ResourceType = "document" }, Limit = most, AllowPartial = true });
        Assert.Equal((Math.Min(most, keys.Length), keys.Length <= most), (receipt.Deleted, receipt.IsComplete));
        string[] gone = [.. keys.Except(graph.Snapshot().Read(new TupleFilter { ResourceType = "document" }).Select(tuple => $"{tuple.Resource}#{tuple.Relation}@{tuple.Subject}"))];
        Assert.Equal(receipt.Deleted, gone.Length);
        string[] lines = Remove(gone);
        if (gone.Length > 0) Assert.Equal(Note(now, lines), receipt.Written.Revision);
    }

    /// <summary>Deletes what is there of other eras, for the most part.</summary>
    public async Task ForgetAsync(AuthorizationGraph graph, Instant now, int era)
    {
        string[] keys = [.. _tuples.Where(t => t.Value.Ends > now && Fashion.IsOut(t.Key, era) && random.Next(4) > 0).Select(t => t.Key)];
        string[] lines = Remove(keys);
        await WriteAsync(graph, now, lines, keys.Select(key => (UpdateKind.Delete, key)));
    }

    /// <summary>Deletes all that one filter matches.</summary>
    public Task DeleteAsync(AuthorizationGraph graph, Instant now, int era)
    {
        int name = Fashion.Pick(random, era + random.Next(8));
        return random.Next(3) switch
        {
            0 => DeleteAsync(graph, now, new TupleFilter { ResourceType = "document", ResourceId = $"d{name}" }, key => key.StartsWith($"document:d{name}#", StringComparison.Ordinal)),
            1 => DeleteAsync(graph, now, new TupleFilter { Subject = new SubjectFilter("user", $"v{name}") }, key => key.EndsWith($"@user:v{name}", StringComparison.Ordinal)),
            _ => DeleteAsync(graph, now, new TupleFilter { ResourceType = "group", ResourceIdPrefix = $"g{name}" }, key => key.StartsWith($"group:g{name}", StringComparison.Ordinal)),
        };
    }

    /// <summary>Sends a write again whose key is remembered, and expects that it is not done twice.</summary>
    public async Task ResendAsync(AuthorizationGraph graph, Instant since)
    {
        if (_keyed.FindLast(keyed => keyed.At >= since && random.Next(3) == 0) is { Request: { } request, Revision: var revision })
            Assert.Equal(revision, (await graph.WriteAsync(request)).Revision);
    }

    /// <summary>Expects that a revision shows what it left, now, by reading it all, by asking and by looking up.</summary>
    public void Expect(AuthorizationGraph graph, Past past, Instant now)
    {
        Snapshot snapshot = graph.Snapshot(new Consistency.AtExactSnapshot(TokenOf(graph, past)));
        Assert.Equal(past.Revision, snapshot.Revision);
        Standing standing = new(past.Tuples, now);
        string[] there = [.. Types.Where(type => snapshot.Schema.FindType(type) is not null)
            .SelectMany(type => snapshot.Read(new TupleFilter { ResourceType = type })).Select(t => t.ToString())];
        Assert.Equal(standing.Lines, there.Order(StringComparer.Ordinal));
        (string[] documents, string[] users) = (standing.Documents, standing.Users);
        if (documents.Length == 0 || users.Length == 0) return;
        for (int i = 0; i < 5; i++)
        {
            (string document, string user) = (random.Pick(documents), random.Pick(users));
            Assert.Equal(standing.Permits(document, user), snapshot.Check(new CheckQuestion(ObjectRef.Parse(document), "view", SubjectRef.Parse(user))).IsPermitted);
        }
        string who = random.Pick(users), what = random.Pick(documents);
        using ResourceLookup resources = snapshot.LookupResources(new ResourceLookupRequest { ResourceType = "document", Permission = "view", Subject = SubjectRef.Parse(who) });
        Assert.Equal(standing.ResourcesOf(who), resources.ToEnd().Select(found => $"document:{found.Id}").Order(StringComparer.Ordinal));
        using SubjectLookup subjects = snapshot.LookupSubjects(new SubjectLookupRequest { Resource = ObjectRef.Parse(what), Permission = "view", SubjectType = "user" });
        Assert.Equal(standing.SubjectsOf(what), subjects.ToEnd().Select(found => $"user:{found.Id}").Order(StringComparer.Ordinal));
    }

    /// <summary>Expects that every revision since an instant can be read and shows what it left, and that none that can is wrong.</summary>
    /// <returns>How many could be read.</returns>
    public int ExpectAll(AuthorizationGraph graph, Instant since, Instant now)
    {
        int readable = 0;
        foreach (Past past in Revisions)
        {
            try
            {
                Expect(graph, past, now);
                readable++;
            }
            catch (RejectionException refusal) when (refusal.Reason == "REVISION_TOO_OLD")
            {
                Assert.True(past.At < since, $"revision {past.Revision} of {past.At} can't be read at {now}: {refusal.Message}");
            }
        }
        return readable;
    }

    /// <summary>Expects that a watch from some revisions since an instant that can be read, the oldest among them, tells each change once and in order.</summary>
    /// <param name="since">The beginning: then any watch may be refused.</param>
    public async Task ExpectWatchesAsync(AuthorizationGraph graph, Instant since, int count)
    {
        Past[] kept = [.. Revisions.Where(p => p.Revision >= graph.OldestRevision && p.At >= since)];
        for (int i = 0; i < count && kept.Length > 0; i++)
        {
            Past from = i == 0 ? kept[0] : random.Pick(kept);
            try
            {
                List<string> heard = await graph.HearAsync(new WatchRequest { After = TokenOf(graph, from) }, Head);
                Assert.Equal(After(from.Revision), heard.OrderBy(RevisionOf).ThenBy(line => line, StringComparer.Ordinal));
                Assert.Equal(heard.Select(RevisionOf).Order(), heard.Select(RevisionOf));
            }
            catch (RejectionException refusal) when (refusal.Reason == "REVISION_GONE" && since == Instant.Beginning)
            {
            }
        }
    }

    /// <summary>The token of a revision that was perhaps never acknowledged; that of one that was is the same.</summary>
    public static string TokenOf(AuthorizationGraph graph, Past past) => graph.TokenOf(new Published(past.Revision, past.At, null));

    private static ulong RevisionOf(string line) => ulong.Parse(line[..line.IndexOf(' ')]);

    private async Task DeleteAsync(AuthorizationGraph graph, Instant now, TupleFilter filter, Func<string, bool> matches)
    {
        string[] keys = [.. _tuples.Where(t => t.Value.Ends > now && matches(t.Key)).Select(t => t.Key)];
        string[] lines = Remove(keys);
        Revision? expected = lines.Length > 0 ? Note(now, lines) : null;
        DeleteReceipt receipt = await graph.DeleteAsync(new DeleteRequest { Filter = filter });
        Assert.Equal(keys.Length, receipt.Deleted);
        if (expected is { } revision) Assert.Equal(revision, receipt.Written.Revision);
    }

    private async Task WriteAsync(AuthorizationGraph graph, Instant now, string[] lines, IEnumerable<(UpdateKind Kind, string Text)> updates)
    {
        string? idempotency = random.Next(3) == 0 ? $"{Head} {random.Next()}" : null;
        WriteRequest request = new() { Updates = [.. updates.Select(u => new TupleUpdate(u.Kind, RelationTuple.Parse(u.Text)))], IdempotencyKey = idempotency };
        Revision? expected = lines.Length > 0 || idempotency is not null ? Note(now, lines) : null;
        if (expected is { } used && idempotency is not null) _keyed.Add((request, used, now));
        WriteReceipt receipt = await graph.WriteAsync(request);
        if (expected is not { } revision) return;
        Assert.Equal(revision, receipt.Revision);
        Assert.Equal(graph.TokenOf(new Published(revision, now, null)), receipt.Token);
    }

    private string[] Remove(string[] keys)
    {
        string[] lines = [.. keys.Select(key => $"deleted {key}{_tuples[key].Text}")];
        foreach (string key in keys) _tuples.Remove(key);
        return lines;
    }

    private Revision Note(Instant now, string[] lines)
    {
        Revisions.Add(new Past(Head.Next, now, lines, new Dictionary<string, Held>(_tuples), _hasFolders));
        return Head;
    }

    private Dictionary<string, (UpdateKind Kind, string Text, string? Line)> Updates(Instant now, int era, bool mayDelete)
    {
        var updates = new Dictionary<string, (UpdateKind Kind, string Text, string? Line)>();
        for (int i = random.Next(1, 9); i > 0; i--) Update(updates, now, era, mayDelete);
        return updates;
    }

    private void Update(Dictionary<string, (UpdateKind Kind, string Text, string? Line)> updates, Instant now, int era, bool mayDelete)
    {
        string key = ChronicleKeys.Any(random, era, _hasFolders);
        if (updates.ContainsKey(key)) return;
        Held? before = _tuples.GetValueOrDefault(key);
        bool isThere = before is not null && before.Ends > now;
        if (mayDelete && random.Next(3) == 0 && (isThere || before is null))
        {
            _tuples.Remove(key);
            updates[key] = (UpdateKind.Delete, key, isThere ? $"deleted {key}{before?.Text}" : null);
            return;
        }
        Held after = ChronicleKeys.Content(random, key, now, era);
        _tuples[key] = after;
        string? line = !isThere ? $"created {key}{after.Text}" : before?.Text == after.Text ? null : $"touched {key}{after.Text} was {key}{before?.Text}";
        updates[key] = (mayDelete && !isThere && random.Next(2) == 0 ? UpdateKind.Create : UpdateKind.Touch, key + after.Text, line);
    }
}
