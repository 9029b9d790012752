using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Storage;

/// <summary>Checkpoints in a directory, and graphs opened from them.</summary>
public sealed class CheckpointTests : IDisposable
{
    private const string Schema = """
        use expiration
        definition user {}
        definition team { relation member: user | team#member }
        caveat at_work(on bool) { on }
        definition document {
            relation viewer: user | team#member | user:* | user with at_work | user with expiration
            permission view = viewer
        }
        """;

    private static readonly LogShape Small = LogShape.Default with
    {
        PageBits = 14, SegmentBits = 16, MemoryBits = 17, RecordBytes = 4_096, InFlightBytes = 32_768, CheckpointEveryBytes = long.MaxValue,
    };

    // as little of the past as can be
    private static readonly LogRetention None = new(TimeSpan.Zero, 0);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_graph_opened_from_a_checkpoint_knows_everything_it_knew()
    {
        string[] before;
        WriteReceipt keyed;
        await using (AuthorizationGraph graph = await OpenAsync())
        {
            await graph.WriteSchemaAsync(Schema);
            await WriteAsync(graph, "document:a#viewer@user:ann", "document:a#viewer@team:eng#member", "document:b#viewer@user:*", "team:eng#member@user:bob");
            await WriteAsync(graph, "document:c#viewer@user:eve[at_work:{\"on\":true}]", "document:c#viewer@user:tom[expiration:2999-01-01T00:00:00Z]");
            keyed = await graph.WriteAsync(Request("document:d#viewer@user:ann") with { IdempotencyKey = "once" });
            await graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(UpdateKind.Delete, Tuple("document:a#viewer@user:ann"))] });
            Assert.Equal(graph.Snapshot().Revision, await graph.CheckpointAsync());
            await WriteAsync(graph, "document:e#viewer@user:zoe");
            before = Texts(graph);
        }
        await using AuthorizationGraph reopened = await OpenAsync();
        Assert.Equal(before, Texts(reopened));
        Assert.Equal(6, before.Length);
        WriteReceipt again = await reopened.WriteAsync(Request("document:d#viewer@user:ann") with { IdempotencyKey = "once" });
        Assert.Equal(keyed, again);
        await WriteAsync(reopened, "document:a#viewer@user:ann");
        Assert.Equal(7, Texts(reopened).Length);
    }

    [Fact]
    public async Task A_log_that_grows_takes_checkpoints_by_itself_and_is_cut_behind_the_older_one()
    {
        LogShape small = Small with { CheckpointEveryBytes = 100_000 };
        List<LogTransaction> written = [];
        Random random = new(3);
        LogRetention retention = new(TimeSpan.FromMilliseconds(1), 1L << 30);
        for (int life = 0; life < 3; life++)
        {
            await using FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path, shape: small, retention: retention);
            int start = (int)log.Checkpoint.Revision.Value;
            StoreText held = new();
            log.Checkpoint.Load(held);
            Assert.Equal(StoreModel.Of(written.Take(start), retention.Time).Text(), held.ToString());
            Assert.Equal(Transactions.Texts(written.Skip(start)), Transactions.Texts(log.Replayed()));
            for (int i = 0; i < 2_000; i++)
            {
                written.Add(Transactions.Related(random, (ulong)written.Count + 1, 20));
                long position = await log.AppendAsync(written[^1], CancellationToken.None);
                if (i % 100 == 99) await log.WaitDurableAsync(position);      // the last as well: what is durable later would be one checkpoint more
            }
            if (life == 2) await log.Checkpoint.TakeAsync(CancellationToken.None);
            Assert.Null(log.Checkpoint.Problem);
        }
        Assert.False(File.Exists(_directory.File("log.0")));
        Assert.Equal(2, Directory.EnumerateFiles(_directory.Path, "checkpoint.*").Count());
    }

    [Fact]
    public async Task Without_any_retention_the_log_is_cut_behind_the_older_checkpoint_so_that_the_newer_may_be_lost()
    {
        List<LogTransaction> written = [];
        await FillAsync(written, checkpoints: 4, None);
        Assert.False(File.Exists(_directory.File("log.0")));
        byte[] newest = await File.ReadAllBytesAsync(_directory.File("checkpoint.4"));
        newest[100] ^= 1;
        await File.WriteAllBytesAsync(_directory.File("checkpoint.4"), newest);
        await using FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path, shape: Small, retention: None);
        Assert.Contains("the store was opened from checkpoint 3", Assert.Single(log.Checkpoint.Notices));
        int start = (int)log.Checkpoint.Revision.Value;
        Assert.Equal(Transactions.Texts(written.Skip(start)), Transactions.Texts(log.Replayed()));
    }

    [Fact]
    public async Task The_log_is_not_cut_while_history_is_read_from_it()
    {
        List<LogTransaction> written = [];
        await FillAsync(written, checkpoints: 4, LogRetention.Default);
        await using FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path, shape: Small, retention: None);
        log.Replay(_ => { });
        List<LogTransaction> past = [];
        foreach (LogTransaction transaction in log.ReadBack(CancellationToken.None))
        {
            past.Add(transaction);
            if (past.Count > 3) continue;
            await AppendAsync(log, written, 20);
            await log.Checkpoint.TakeAsync(CancellationToken.None);
            Assert.Equal(new Revision(1), log.Oldest);
        }
        past.Reverse();
        Assert.Equal(Transactions.Texts(written.Take(past.Count)), Transactions.Texts(past));
        Assert.InRange(past.Count, 200, written.Count);
        await log.Checkpoint.TakeAsync(CancellationToken.None);
        await AppendAsync(log, written, 1);
        await log.Checkpoint.TakeAsync(CancellationToken.None);
        Assert.True(log.Oldest > new Revision(1));
    }

    [Fact]
    public async Task A_checkpoint_that_was_being_made_when_the_power_went_leaves_nothing_behind()
    {
        await using (FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path)) await log.AppendDurablyAsync(Transactions.Small(1));
        await File.WriteAllBytesAsync(_directory.File("checkpoint.1.new"), new byte[100]);
        await File.WriteAllBytesAsync(_directory.File("checkpoint.7"), new byte[100]);
        await using FasterTransactionLog reopened = FasterTransactionLog.Open(_directory.Path);
        Assert.Single(reopened.Replayed());
        Assert.Empty(Directory.EnumerateFiles(_directory.Path, "checkpoint.*"));
    }

    [Fact]
    public async Task A_name_that_moves_to_another_number_leaves_no_tuple_under_the_old_one()
    {
        Instant longAgo = Transactions.InstantOf(0);
        Window ended = new(longAgo, Transactions.InstantOf(1));
        List<LogTransaction> written =
        [
            Of(1, LogEntry.ObjectType(1, "t1"), LogEntry.EdgeType(1, "t1#r@t1"), LogEntry.ObjectName(1, 1, "ann"), LogEntry.ObjectName(1, 2, "bob"), LogEntry.ObjectName(1, 3, "eve")),
            Of(2, LogEntry.Put(1, 1, 2, ended), LogEntry.Put(1, 3, 1, ended), LogEntry.Put(1, 3, 2, Window.Always)),
            Of(3, LogEntry.ObjectName(1, 4, "ann"), LogEntry.Put(1, 3, 4, Window.Always)),
            Of(4, LogEntry.ObjectName(1, 1, "zoe"), LogEntry.Put(1, 3, 1, Window.Always)),
        ];
        foreach (int checkpoints in (int[])[1, 2, 4])
        {
            using TemporaryDirectory directory = new();
            await using (FasterTransactionLog log = FasterTransactionLog.Open(directory.Path))
            {
                foreach (LogTransaction transaction in written)
                {
                    await log.AppendDurablyAsync(transaction);
                    if ((int)transaction.Revision.Value % (written.Count / checkpoints) == 0) await log.Checkpoint.TakeAsync(CancellationToken.None);
                }
            }
            await using FasterTransactionLog reopened = FasterTransactionLog.Open(directory.Path);
            StoreText held = new();
            reopened.Checkpoint.Load(held);
            Assert.Equal(StoreModel.Of(written, LogRetention.Default.Time).Text(), held.ToString());
            Assert.Contains("ObjectName 1 4 ann\n", held.ToString());
            Assert.DoesNotContain("1 1 2 ", held.ToString());
            Assert.Equal((5ul, 3ul), (held.Counts.Names + 1, held.Counts.Edges));
        }

        static LogTransaction Of(ulong revision, params LogEntry[] entries) => new(new Revision(revision), Transactions.InstantOf(revision), entries);
    }

    private ValueTask<AuthorizationGraph> OpenAsync() => AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Directory(_directory.Path) });

    private static async Task WriteAsync(AuthorizationGraph graph, params string[] tuples) => await graph.WriteAsync(Request(tuples));

    private static WriteRequest Request(params string[] tuples) => new() { Updates = [.. tuples.Select(t => new TupleUpdate(UpdateKind.Touch, Tuple(t)))] };

    private static RelationTuple Tuple(string text) => RelationTuple.Parse(text);

    private static string[] Texts(AuthorizationGraph graph) =>
        [.. graph.Snapshot().Read(new TupleFilter { ResourceType = "document" }).Select(t => t.ToString()).Order(StringComparer.Ordinal)];

    private async Task FillAsync(List<LogTransaction> written, int checkpoints, LogRetention retention)
    {
        await using FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path, shape: Small, retention: retention);
        log.Replay(_ => { });
        for (int i = 0; i < checkpoints; i++)
        {
            await AppendAsync(log, written, 150);
            await log.Checkpoint.TakeAsync(CancellationToken.None);
        }
        await AppendAsync(log, written, 10);
    }

    private static async Task AppendAsync(FasterTransactionLog log, List<LogTransaction> written, int count)
    {
        Random random = new(written.Count);
        for (int i = 0; i < count; i++)
        {
            written.Add(Transactions.Related(random, (ulong)written.Count + 1, 100));
            await log.AppendDurablyAsync(written[^1]);
        }
    }
}
