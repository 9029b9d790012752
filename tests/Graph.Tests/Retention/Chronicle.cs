using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Graph.Tests.Watching;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>
/// Random writes, and beside them, slow and obvious, what each revision changed and what it left. Names wear out as time passes, so that
/// their numbers serve others; tuples have windows and caveats; schemas change.
/// </summary>
internal sealed class Chronicle(Random random)
{
    private const string SchemaText = """
        use expiration
        caveat at_work(on bool, place int) { on && place >= 0 }
        definition user {}
        definition document {
            relation viewer: user | user:* | user with expiration | user with at_work and expiration | user with at_work
            relation editor: user
            permission view = viewer
        }
        """;

    private static readonly string[] Types = ["document", "folder"];

    private readonly Dictionary<string, Held> _tuples = [];
    private bool _hasFolders;

    /// <summary>What a tuple says beside its key, when it ends, and whether its caveat lets anybody in.</summary>
    public sealed record Held(string Text, Instant Ends, bool Permits);

    /// <summary>A revision, when it was written, what it changed, and the tuples it left.</summary>
    public sealed record Past(Revision Revision, Instant At, string[] Changes, IReadOnlyDictionary<string, Held> Tuples, bool HasFolders);

    /// <summary>Of revision i + 1.</summary>
    public List<Past> Revisions { get; } = [];

    public Revision Head => new((ulong)Revisions.Count);

    /// <summary>What a watch from behind a revision tells.</summary>
    public IEnumerable<string> After(Revision revision) =>
        Revisions.Skip((int)revision.Value).SelectMany(p => p.Changes.Select(line => $"{p.Revision} {line}"));

    /// <summary>Forgets what was written after a revision: it was lost, and nobody had been told that it was done.</summary>
    public void Rewind(Revision head)
    {
        Revisions.RemoveRange((int)head.Value, Revisions.Count - (int)head.Value);
        _tuples.Clear();
        _hasFolders = Revisions is [.., { HasFolders: true }];
        if (Revisions is [.., var last])
            foreach ((string key, Held held) in last.Tuples) _tuples.Add(key, held);
    }

    /// <summary>Writes the schema, or the next one.</summary>
    public async Task WriteSchemaAsync(AuthorizationGraph graph, Instant now)
    {
        if (Revisions.Count > 0 && !_tuples.Keys.Any(k => k.StartsWith("folder", StringComparison.Ordinal))) _hasFolders = !_hasFolders;
        string folders = _hasFolders ? $"\ndefinition folder {{ relation viewer: user; permission view = viewer }} // {Revisions.Count}" : $"\n// {Revisions.Count}";
        string text = SchemaText + folders;
        Revision expected = Note(now, ["schema"]);
        Assert.Equal(expected, (await graph.WriteSchemaAsync(text)).Revision);
    }

    /// <summary>A transaction of a few random updates. It is noted at once, and expected to be what was noted when it is done.</summary>
    /// <param name="now">The graph's clock.</param>
    /// <param name="era">Names are of this era: others than those of the one before.</param>
    public Task WriteAsync(AuthorizationGraph graph, Instant now, int era)
    {
        var updates = new Dictionary<string, (UpdateKind Kind, string Text, string? Line)>();
        for (int i = random.Next(1, 9); i > 0; i--) Update(updates, now, era);
        return WriteAsync(graph, now, [.. updates.Values.Where(u => u.Line is not null).Select(u => u.Line ?? "")], updates.Values.Select(u => (u.Kind, u.Text)));
    }

    /// <summary>Deletes what is there of older eras, for the most part.</summary>
    public async Task ForgetAsync(AuthorizationGraph graph, Instant now, int era)
    {
        string[] keys = [.. _tuples.Where(t => t.Value.Ends > now && !t.Key.Contains($"-{era}#") && random.Next(4) > 0).Select(t => t.Key)];
        string[] lines = [.. keys.Select(key => $"deleted {key}{_tuples[key].Text}")];
        foreach (string key in keys) _tuples.Remove(key);
        await WriteAsync(graph, now, lines, keys.Select(key => (UpdateKind.Delete, key)));
    }

    /// <summary>Expects that a revision shows what it left, now, by reading it all and by asking.</summary>
    public void Expect(AuthorizationGraph graph, Past past, Instant now)
    {
        Snapshot snapshot = graph.Snapshot(new Consistency.AtExactSnapshot(TokenOf(graph, past)));
        Assert.Equal(past.Revision, snapshot.Revision);
        (string Key, string Text, bool Permits)[] standing = [.. past.Tuples.Where(t => t.Value.Ends > now).Select(t => (t.Key, t.Value.Text, t.Value.Permits))];
        string[] there = [.. Types.Where(type => type == "document" || snapshot.Schema.FindType(type) is not null)
            .SelectMany(type => snapshot.Read(new TupleFilter { ResourceType = type })).Select(t => t.ToString())];
        Assert.Equal(standing.Select(t => t.Key + t.Text).Order(StringComparer.Ordinal), there.Order(StringComparer.Ordinal));
        for (int i = 0; i < 5 && standing.Length > 0; i++)
        {
            RelationTuple about = RelationTuple.Parse(random.Pick(standing).Key);
            if (about.Relation != "viewer" || about.Resource.Type != "document" || about.Subject.Object.IsWildcard) continue;
            string[] keys = [$"{about.Resource}#viewer@{about.Subject}", $"{about.Resource}#viewer@user:*"];
            bool expected = standing.Any(t => t.Permits && keys.Contains(t.Key));
            Assert.Equal(expected, snapshot.Check(new CheckQuestion(about.Resource, "view", about.Subject)).IsPermitted);
        }
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
    public async Task ExpectWatchesAsync(AuthorizationGraph graph, Instant since, int count)
    {
        Past[] kept = [.. Revisions.Where(p => p.Revision >= graph.OldestRevision && p.At >= since)];
        for (int i = 0; i < count && kept.Length > 0; i++)
        {
            Past from = i == 0 ? kept[0] : random.Pick(kept);
            Assert.Equal(After(from.Revision), await graph.HearAsync(new WatchRequest { After = TokenOf(graph, from) }, Head));
        }
    }

    /// <summary>The token of a revision that was perhaps never acknowledged; that of one that was is the same.</summary>
    public static string TokenOf(AuthorizationGraph graph, Past past) => graph.TokenOf(new Published(past.Revision, past.At, null));

    private async Task WriteAsync(AuthorizationGraph graph, Instant now, string[] lines, IEnumerable<(UpdateKind Kind, string Text)> updates)
    {
        Revision? expected = lines.Length > 0 ? Note(now, lines) : null;
        WriteReceipt receipt = await graph.WriteAsync(new WriteRequest { Updates = [.. updates.Select(u => new TupleUpdate(u.Kind, RelationTuple.Parse(u.Text)))] });
        if (expected is not { } revision) return;
        Assert.Equal(revision, receipt.Revision);
        Assert.Equal(graph.TokenOf(new Published(revision, now, null)), receipt.Token);
    }

    private Revision Note(Instant now, string[] lines)
    {
        Revisions.Add(new Past(Head.Next, now, lines, new Dictionary<string, Held>(_tuples), _hasFolders));
        return Head;
    }

    private void Update(Dictionary<string, (UpdateKind Kind, string Text, string? Line)> updates, Instant now, int era)
    {
        string key = Key(era);
        if (updates.ContainsKey(key)) return;
        Held? before = _tuples.GetValueOrDefault(key);
        bool isThere = before is not null && before.Ends > now;
        if (random.Next(3) == 0 && (isThere || before is null))
        {
            _tuples.Remove(key);
            updates[key] = (UpdateKind.Delete, key, isThere ? $"deleted {key}{before?.Text}" : null);
            return;
        }
        Held after = Random(key, now);
        _tuples[key] = after;
        string? line = !isThere ? $"created {key}{after.Text}" : before?.Text == after.Text ? null : $"touched {key}{after.Text} was {key}{before?.Text}";
        updates[key] = (!isThere && random.Next(2) == 0 ? UpdateKind.Create : UpdateKind.Touch, key + after.Text, line);
    }

    private string Key(int era)
    {
        if (_hasFolders && random.Next(6) == 0) return $"folder:f{random.Next(3)}-{era}#viewer@user:u{random.Next(4)}";
        string document = random.Next(8) == 0 ? "document:always" : $"document:d{random.Next(5)}-{era}";
        return random.Next(10) switch
        {
            0 => $"{document}#viewer@user:*",
            1 or 2 => $"{document}#editor@user:u{random.Next(4)}",
            _ => $"{document}#viewer@user:u{random.Next(4)}{(random.Next(3) == 0 ? $"-{era}" : "")}",
        };
    }

    private Held Random(string key, Instant now)
    {
        if (!key.Contains("document:", StringComparison.Ordinal) || !key.Contains("#viewer@user:u", StringComparison.Ordinal)) return new Held("", Instant.Never, true);
        bool on = random.Next(2) == 0;
        string caveat = random.Next(3) == 0 ? $"[at_work:{{\"on\":{(on ? "true" : "false")},\"place\":{random.Next(40)}}}]" : "";
        if (random.Next(2) == 0) return new Held(caveat, Instant.Never, caveat.Length == 0 || on);
        Instant ends = now.Plus(random.Next(1, 90) * 60_000_000L);
        return new Held($"{caveat}[from:2020-01-01T00:00:00Z][expiration:{ends}]", ends, caveat.Length == 0 || on);
    }
}
