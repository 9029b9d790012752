using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Graph.Storage.Offline;
using AuthzGraph.Graph.Verifying;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Storage;

/// <summary>Verifying where each file is whole by itself: stores that were lived in, and such as do not go together.</summary>
public sealed class VerificationTests(ITestOutputHelper output) : IDisposable
{
    private const string Schema = """
        use expiration
        caveat for_ticket(ticket string, wanted string) { ticket == wanted }
        definition agent {}
        definition document { relation viewer: agent | agent:* | agent with expiration | agent with for_ticket and expiration; permission view = viewer }
        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>
    /// Weeks in which names and caveats are given out again, and relationships end, behind checkpoints and before. Beside it a store that
    /// is never opened again, has no checkpoints and gives no number out twice: both hold the same after every life.
    /// </summary>
    [Theory]
    [InlineData(null)]
    [InlineData(58_351_392)]    // a name came back under another number while its old one stood for something alive
    public async Task A_store_in_which_numbers_were_given_out_again_is_whole_after_every_life(int? once)
    {
        int seed = once ?? Seed.Any();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        var time = new ManualTime("2026-01-01T00:00:00Z");
        var now = DateTimeOffset.Parse("2026-01-01T00:00:00Z");
        long checkpoints = 0;
        await using AuthorizationGraph model = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Memory(), Time = time, Limits = Limits.Default with { Retention = TimeSpan.FromDays(365) } });
        await model.WriteSchemaAsync(Schema);
        for (int life = 0; life < 8; life++)
        {
            await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Directory(_directory.Path), Time = time }))
            {
                await graph.WriteSchemaAsync(Schema);
                Assert.Equal(Held(model), Held(graph));
                for (int step = 0; step < 30; step++)
                {
                    time.Set($"{now = now.AddMinutes(random.Next(1, 400)):O}");
                    WriteRequest request = new() { Updates = [.. Updates(random, now)], IdempotencyKey = $"{now:O}" };
                    await graph.WriteAsync(request);
                    await model.WriteAsync(request);
                    if (random.Next(3) == 0) await graph.ReclaimAsync();
                    if (random.Next(10) == 0) checkpoints = (long)(await graph.CheckpointAsync()).Value;
                }
                Assert.Equal(Held(model), Held(graph));
            }
            VerificationReport report = StoreDirectory.Verify(_directory.Path);
            Assert.True(report.IsWhole, string.Join('\n', report.Findings));
            Assert.Contains(report.Proved, proved => proved.StartsWith("the index a server would load agrees", StringComparison.Ordinal));
        }
        Assert.True(checkpoints > 30);
    }

    [Fact]
    public async Task A_name_that_comes_back_under_another_number_takes_nothing_from_what_has_its_old_one()
    {
        var time = new ManualTime("2026-01-01T00:00:00Z");
        GraphOptions options = new() { Storage = new StorageLocation.Directory(_directory.Path), Time = time };
        await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options))
        {
            await graph.WriteSchemaAsync(Schema);
            await TouchAsync(graph, "document:plan#viewer@agent:old");
            await graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(UpdateKind.Delete, RelationTuple.Parse("document:plan#viewer@agent:old"))] });
            time.Set("2026-02-01T00:00:00Z");
            await graph.ReclaimAsync();
            await TouchAsync(graph, "document:plan#viewer@agent:new");
            await TouchAsync(graph, "document:plan#viewer@agent:old");
            await graph.CheckpointAsync();
        }
        await using AuthorizationGraph reopened = await AuthorizationGraph.OpenAsync(options);
        Assert.Equal(["document:plan#viewer@agent:new", "document:plan#viewer@agent:old"], Held(reopened));
    }

    [Fact]
    public async Task A_checkpoint_that_is_whole_but_not_what_it_was_made_of_is_found()
    {
        await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Directory(_directory.Path) }))
        {
            await graph.WriteSchemaAsync(Schema);
            await TouchAsync(graph, "document:aaa#viewer@agent:one");
            await graph.CheckpointAsync();
            await TouchAsync(graph, "document:bbb#viewer@agent:two");
            await graph.CheckpointAsync();
        }
        Assert.True(StoreDirectory.Verify(_directory.Path).IsWhole);
        WriteAnotherNewest(edge => edge with { Subject = 1 });
        StoreFinding finding = Assert.Single(StoreDirectory.Verify(_directory.Path).Findings);
        Assert.Equal((true, "checkpoint.2"), (finding.IsDamage, finding.File));
        Assert.Contains("what `checkpoint.2` was made of comes to something else from byte", finding.Problem);
    }

    [Theory]
    [InlineData(1, 2, 3, 0, false)]
    [InlineData(2, 1, 3, 0, false)]
    [InlineData(1, 3, 2, 0, false)]
    [InlineData(1, 2, 3, 1, false)]
    [InlineData(1, 2, 3, 0, true)]
    public void Stores_that_differ_in_one_relationship_have_other_digests(uint type, uint resource, uint subject, uint caveat, bool ends)
    {
        StateDigest one = Of(new StoredEdge(1, 2, 4, 0, 7, Window.Always));
        Assert.True(one.Equals(Of(new StoredEdge(1, 2, 4, 0, 8, Window.Always))));
        Window window = ends ? Window.Always with { ExpiresAt = new Instant(2_000) } : Window.Always;
        Assert.False(one.Equals(Of(new StoredEdge(type, resource, subject, caveat, 7, window))));
        Assert.False(one.Equals(NewDigest()));

        static StateDigest Of(StoredEdge edge)
        {
            StateDigest digest = NewDigest();
            digest.Edge(edge);
            return digest;
        }
    }

    [Theory]
    [InlineData("key", 1, 2, 600, true)]
    [InlineData("kez", 1, 2, 600, false)]
    [InlineData("key", 9, 2, 600, false)]
    [InlineData("key", 1, 3, 600, false)]
    [InlineData("key", 1, 2, 601, false)]
    public void Stores_that_differ_in_one_idempotency_key_have_other_digests(string text, ulong digest, ulong revision, long at, bool isSame)
    {
        var used = new StoredKey("key", 1, new Revision(2), new Instant(600));
        Assert.Equal(isSame, Of(used).Equals(Of(new StoredKey(text, digest, new Revision(revision), new Instant(at)))));
        Assert.True(Of(used with { Revision = new Revision(1) }, used).Equals(Of(used)));
        Assert.True(Of(used with { CommittedAt = new Instant(500) }).Equals(Of()));
        Assert.False(Of(used).Equals(Of()));

        static StateDigest Of(params StoredKey[] keys)
        {
            StateDigest digest = NewDigest();
            foreach (StoredKey key in keys) digest.Key(key);
            return digest;
        }
    }

    /// <summary>The log of a writer with a bug: it gives out a number behind an edge that still stands for what the number was.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_index_that_would_hold_something_else_than_checkpoint_and_log_is_found(bool hasCheckpoint)
    {
        var grant = new Window(Instant.Beginning, Transactions.InstantOf(2).Plus(3_600_000_000));
        await using (FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path))
        {
            log.Replay(_ => { });
            await log.AppendDurablyAsync(Transaction(1, LogEntry.Schema(Schema), LogEntry.ObjectType(1, "document"), LogEntry.ObjectType(2, "agent"),
                LogEntry.EdgeType(1, "document#viewer@agent"), LogEntry.ObjectName(1, 1, "plan"), LogEntry.ObjectName(2, 1, "ann")));
            if (hasCheckpoint) await log.Checkpoint.TakeAsync(CancellationToken.None);
            await log.AppendDurablyAsync(Transaction(2, LogEntry.Put(1, 1, 1, grant), LogEntry.ObjectName(1, 1, "another")));
        }
        StoreFinding finding = Assert.Single(StoreDirectory.Verify(_directory.Path).Findings);
        Assert.True(finding.IsDamage);
        Assert.Contains("the index that a server would load holds 0 relationships, 5 names and texts, 0 idempotency keys, and the checkpoint with the log after it 1", finding.Problem);

        static LogTransaction Transaction(ulong revision, params LogEntry[] entries) => new(new Revision(revision), Transactions.InstantOf(revision), entries);
    }

    private static StateDigest NewDigest() => new(new Instant(1_000), forgotten: new Instant(500));

    [Fact]
    public void What_is_no_part_of_a_store_is_not_written()
    {
        using StoreCopy copy = new(_directory.File("copy"));
        foreach (string name in (string[])["../manifest", "/etc/passwd", "log.x", "log.", "checkpoint.-1", "lock", ""])
            Assert.Throws<StoreFailedException>(() => copy.Write(new StorePart(name, 1, 0, new byte[1])));
        Assert.Throws<StoreFailedException>(() => copy.Write(new StorePart("log.0", 4, 2, new byte[3])));
        Assert.Throws<StoreFailedException>(() => copy.Finish());
    }

    private static IEnumerable<TupleUpdate> Updates(Random random, DateTimeOffset now)
    {
        for (int i = random.Next(1, 12); i > 0; i--)
        {
            string name = $"{now:MMddHHmm}-{i}";
            string text = random.Next(5) switch
            {
                0 => $"document:{name}#viewer@agent:{name}[for_ticket:{{\"wanted\":\"{name}\"}}][expiration:{now.AddMinutes(random.Next(1, 3_000)):yyyy-MM-ddTHH:mm:ssZ}]",
                1 => $"document:{name}#viewer@agent:*",
                2 => $"document:{i}#viewer@agent:{i}",
                _ => $"document:{i}#viewer@agent:{name}[expiration:{now.AddMinutes(random.Next(1, 3_000)):yyyy-MM-ddTHH:mm:ssZ}]",
            };
            yield return new TupleUpdate(random.Next(6) == 0 ? UpdateKind.Delete : UpdateKind.Touch, RelationTuple.Parse(text));
        }
    }

    private static IEnumerable<string> Held(AuthorizationGraph graph) =>
        graph.Export(new ExportRequest()).SelectMany(page => page.Tuples).Select(tuple => tuple.ToString()).Order(StringComparer.Ordinal);

    private static async Task TouchAsync(AuthorizationGraph graph, string tuple) =>
        await graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(UpdateKind.Touch, RelationTuple.Parse(tuple))] });

    /// <summary>Puts another newest checkpoint in the place of the one there, whole and named in the manifest.</summary>
    private void WriteAnotherNewest(Func<StoredEdge, StoredEdge> change)
    {
        CheckpointFiles files = new(_directory.Path, StableStorage.Disk);
        (CheckpointMark old, CheckpointMark replaced) = (default, default);
        using (StoreView store = StoreView.Open(_directory.Path))
        {
            old = store.Manifest.Checkpoints[0];
            Changed changed = new();
            using (ICheckpointInput input = files.Open(old.Number))
            {
                CheckpointReader reader = store.Read(input, old);
                new CheckpointMerge(reader, new CheckpointDelta(0), changed, reader.Head.OldestInstant, Instant.Beginning).Run(default);
                changed.Head = reader.Head;
            }
            files.Remove(old.Number);
            using ICheckpointOutput target = files.Create(old.Number);
            CheckpointWriter writer = new(target, old.Number, changed.Head);
            foreach (Action<CheckpointWriter> part in changed.Parts) part(writer);
            foreach (StoredEdge edge in changed.Edges) writer.Edge(edge.Resource == 2 ? change(edge) : edge);
            replaced = writer.End();
        }
        LogParts parts = LogParts.In(_directory.Path, StableStorage.Disk);
        using StoreSlots slots = StoreSlots.Open(parts);
        slots.Change(manifest => manifest with { Checkpoints = manifest.Checkpoints.SetItem(0, replaced) });
        parts.Lock.Dispose();
    }

    private sealed class Changed : ICheckpointSink
    {
        public CheckpointHead Head { get; set; }
        public List<Action<CheckpointWriter>> Parts { get; } = [];
        public List<StoredEdge> Edges { get; } = [];

        public void Schema(StoredSchema schema) => Parts.Add(writer => writer.Schema(schema));

        public void Text(CheckpointPart part, uint type, uint number, ReadOnlySpan<byte> utf8)
        {
            byte[] text = utf8.ToArray();
            Parts.Add(writer => writer.Text(part, type, number, text));
        }

        public void Key(StoredKey key) => Parts.Add(writer => writer.Key(key));

        public void Edge(in StoredEdge edge) => Edges.Add(edge);
    }
}
