using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>History survives a restart: what could be read before can be read after, and a watch goes on from where it was.</summary>
public sealed class RestartTests(ITestOutputHelper output) : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-01-01T00:00:00Z");

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new($"{Start:O}");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_revision_within_the_retention_answers_after_restarts_as_it_did(int variant)
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed + variant);
        var chronicle = new Chronicle(random);
        TimeSpan passed = default;
        for (int life = 0; life < 6; life++)
        {
            await using AuthorizationGraph graph = await OpenAsync(Limits.Default);
            await graph.RebuiltAsync();
            Assert.Empty(graph.Notices);
            int readable = chronicle.ExpectAll(graph, Retained, Now);
            await chronicle.ExpectWatchesAsync(graph, Retained, 5);
            output.WriteLine($"life {life}: {readable} of {chronicle.Revisions.Count} revisions readable, from {graph.OldestRevision}");
            if (life == 0) await chronicle.WriteSchemaAsync(graph, Now);
            for (int i = 0; i < 60; i++)
            {
                passed += TimeSpan.FromMinutes(random.Next(variant < 3 ? 45 : 8));
                _time.Set($"{Start + passed:O}");
                int era = (int)passed.TotalHours / 5;
                if (random.Next(25) == 0) await chronicle.WriteSchemaAsync(graph, Now);
                else if (random.Next(5) == 0) await chronicle.ForgetAsync(graph, Now, era);
                else await chronicle.WriteAsync(graph, Now, era);
                if (random.Next(30) == 0) await graph.CheckpointAsync();
                if (random.Next(10) == 0) await graph.ReclaimAsync();
            }
            if (life < 5) await graph.CheckpointAsync();
            for (int i = random.Next(20); i > 0; i--) await chronicle.WriteAsync(graph, Now, (int)passed.TotalHours / 5);
            chronicle.ExpectAll(graph, Retained, Now);
        }
    }

    [Fact]
    public async Task The_head_serves_at_once_and_every_reader_gets_the_right_answer_or_is_told_to_ask_again()
    {
        const int Seed = 7;
        var chronicle = new Chronicle(new Random(Seed));
        await using (AuthorizationGraph graph = await OpenAsync(Limits.Default))
        {
            await chronicle.WriteSchemaAsync(graph, Now);
            await FillAsync(graph, chronicle, 1_500);
            await graph.CheckpointAsync();
        }
        await using AuthorizationGraph reopened = await OpenAsync(Limits.Default);
        int refused = ExpectOrAskAgain(reopened, chronicle.Revisions[0], chronicle) ? 0 : 1;
        chronicle.Expect(reopened, chronicle.Revisions[^1], Now);
        Chronicle.Past[] known = [.. chronicle.Revisions];
        Task<int>[] readers = [.. Enumerable.Range(0, 2).Select(i => Task.Run(() => ReadUntilRebuilt(reopened, known, new Random(Seed + i))))];
        for (int i = 0; i < 50; i++) await chronicle.WriteAsync(reopened, Now, 0);
        refused += (await Task.WhenAll(readers)).Sum();
        await reopened.RebuiltAsync();
        output.WriteLine($"{refused} were told to ask again");
        Assert.True(refused > 0, "history was there before anybody could ask: this test tests nothing");
        Assert.Equal(chronicle.Revisions.Count, chronicle.ExpectAll(reopened, Instant.Beginning, Now));
        await chronicle.ExpectWatchesAsync(reopened, Instant.Beginning, 5);
    }

    [Fact]
    public async Task A_restart_while_history_is_rebuilt_costs_nothing()
    {
        var chronicle = new Chronicle(new Random(8));
        await using (AuthorizationGraph graph = await OpenAsync(Limits.Default))
        {
            await chronicle.WriteSchemaAsync(graph, Now);
            await FillAsync(graph, chronicle, 600);
            await graph.CheckpointAsync();
        }
        int interrupted = 0;
        for (int life = 0; life < 6; life++)
        {
            await using AuthorizationGraph graph = await OpenAsync(Limits.Default);
            await chronicle.WriteAsync(graph, Now, 0);
            if (life % 2 == 0) await graph.CheckpointAsync();
            if (graph.IsRebuildingHistory) interrupted++;
        }
        await using AuthorizationGraph last = await OpenAsync(Limits.Default);
        await last.RebuiltAsync();
        output.WriteLine($"{interrupted} lives ended before history was back");
        Assert.Equal(chronicle.Revisions.Count, chronicle.ExpectAll(last, Instant.Beginning, Now));
    }

    [Fact]
    public async Task Writers_and_readers_go_on_while_history_is_rebuilt_and_the_bytes_of_the_retention_hold_after_it()
    {
        Limits tight = Limits.Default with { HistoryBytes = 30_000 };
        var chronicle = new Chronicle(new Random(9));
        await using (AuthorizationGraph graph = await OpenAsync(Limits.Default))
        {
            await chronicle.WriteSchemaAsync(graph, Now);
            await FillAsync(graph, chronicle, 400);
            await graph.CheckpointAsync();
        }
        await using AuthorizationGraph reopened = await OpenAsync(tight);
        await reopened.RebuiltAsync();
        ulong oldest = reopened.OldestRevision.Value;
        Assert.InRange(oldest, 2ul, chronicle.Head.Value - 20);
        Assert.InRange(reopened.HistoryBytes, 1, tight.HistoryBytes * 11 / 10);
        Assert.InRange(chronicle.ExpectAll(reopened, Instant.Never, Now), 20, 400);
        await FillAsync(reopened, chronicle, 100);
        await reopened.ReclaimAsync();
        Assert.InRange(reopened.HistoryBytes, 1, tight.HistoryBytes);
        Assert.True(reopened.OldestRevision.Value > oldest);
        chronicle.ExpectAll(reopened, Instant.Never, Now);
    }

    [Fact]
    public async Task A_revision_behind_the_retention_stays_refused_and_the_oldest_is_named()
    {
        var chronicle = new Chronicle(new Random(10));
        await using (AuthorizationGraph graph = await OpenAsync(Limits.Default))
        {
            await chronicle.WriteSchemaAsync(graph, Now);
            for (int hour = 0; hour < 40; hour++)
            {
                _time.Set($"{Start.AddHours(hour):O}");
                await chronicle.WriteAsync(graph, Now, hour);
            }
            await graph.CheckpointAsync();
        }
        await using AuthorizationGraph reopened = await OpenAsync(Limits.Default);
        await reopened.RebuiltAsync();
        Chronicle.Past old = chronicle.Revisions[3];
        RejectionException refusal = Assert.Throws<RejectionException>(() => reopened.Snapshot(new Consistency.AtExactSnapshot(Chronicle.TokenOf(reopened, old))));
        Assert.Equal("REVISION_TOO_OLD", refusal.Reason);
        Revision oldest = chronicle.Revisions.Last(p => p.At <= Now.Plus(-24 * 3_600_000_000L)).Revision;
        Assert.Contains($"the oldest is {oldest}", refusal.Message);
        refusal = Assert.Throws<RejectionException>(() => reopened.WatchAsync(new WatchRequest { After = Chronicle.TokenOf(reopened, old) }));
        Assert.Equal(("REVISION_GONE", oldest.ToString()), (refusal.Reason, refusal.Metadata["oldest_revision"]));
    }

    [Fact]
    public async Task Windows_of_tuples_are_told_from_a_token_of_before_the_restart()
    {
        string token;
        await using (AuthorizationGraph graph = await OpenAsync(Limits.Default))
        {
            await graph.WriteSchemaAsync("use expiration\ndefinition user {}\ndefinition document { relation viewer: user with expiration; permission view = viewer }");
            token = (await TouchAsync(graph, "document:a#viewer@user:ann[from:2026-01-01T01:00:00Z][expiration:2026-01-01T03:00:00Z]")).Token;
            _time.Set("2026-01-01T02:00:00Z");
            await TouchAsync(graph, "document:b#viewer@user:bob[from:2026-01-01T02:30:00Z][expiration:2026-01-01T09:00:00Z]");
            await graph.CheckpointAsync();
        }
        _time.Set("2026-01-01T04:00:00Z");
        await using AuthorizationGraph reopened = await OpenAsync(Limits.Default);
        await reopened.RebuiltAsync();
        await using IAsyncEnumerator<WatchEvent> watch = reopened.WatchAsync(
            new WatchRequest { After = token, Kinds = WatchKinds.Changes | WatchKinds.Windows }).GetAsyncEnumerator();
        string[] told = await Watching.WatchText.TakeAsync(watch, 4);
        Assert.Equal(["2 opened document:a", "3 created document:b", "3 opened document:b", "3 closed document:a"], told.Select(line => line[..line.IndexOf('#')]));
    }

    [Fact]
    public async Task Damage_to_the_log_behind_a_checkpoint_costs_the_history_before_it_and_nothing_else()
    {
        var chronicle = new Chronicle(new Random(11));
        await using (AuthorizationGraph graph = await OpenAsync(Limits.Default))
        {
            await chronicle.WriteSchemaAsync(graph, Now);
            await FillAsync(graph, chronicle, 50);
            await graph.CheckpointAsync();
            await FillAsync(graph, chronicle, 50);
            await graph.CheckpointAsync();
        }
        string log = _directory.File("log.0");
        byte[] bytes = await File.ReadAllBytesAsync(log);
        bytes[600] ^= 4;
        await File.WriteAllBytesAsync(log, bytes);
        await using AuthorizationGraph reopened = await OpenAsync(Limits.Default);
        await reopened.RebuiltAsync();
        Assert.Contains("history ends at revision", Assert.Single(reopened.Notices));
        Assert.Contains("damaged at address", reopened.Notices[0]);
        Assert.InRange(chronicle.ExpectAll(reopened, Now.Plus(1), Now), 40, 90);
        await chronicle.WriteAsync(reopened, Now, 0);
        chronicle.Expect(reopened, chronicle.Revisions[^1], Now);
    }

    private Instant Now => Instant.From(_time.GetUtcNow());

    // a clock that was reopened is up to a second ahead, so that it never runs backwards
    private Instant Retained => Now.Plus(-24 * 3_600_000_000L + 1_000_000);

    private async Task<AuthorizationGraph> OpenAsync(Limits limits) =>
        await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Directory(_directory.Path), Time = _time, Limits = limits });

    private async Task FillAsync(AuthorizationGraph graph, Chronicle chronicle, int transactions)
    {
        for (int i = 0; i < transactions; i++) await chronicle.WriteAsync(graph, Now, 0);
    }

    private static ValueTask<WriteReceipt> TouchAsync(AuthorizationGraph graph, string tuple) =>
        graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(UpdateKind.Touch, RelationTuple.Parse(tuple))] });

    private bool ExpectOrAskAgain(AuthorizationGraph graph, Chronicle.Past past, Chronicle chronicle)
    {
        try
        {
            chronicle.Expect(graph, past, Now);
            return true;
        }
        catch (RejectionException refusal)
        {
            Assert.Equal((RejectionCode.Unavailable, "HISTORY_REBUILDING"), (refusal.Code, refusal.Reason));
            return false;
        }
    }

    private int ReadUntilRebuilt(AuthorizationGraph graph, Chronicle.Past[] known, Random random)
    {
        var expectations = new Chronicle(random);
        int refused = 0;
        for (int i = 0; i < 300 || graph.IsRebuildingHistory; i++)
            if (!ExpectOrAskAgain(graph, known[random.Next(known.Length)], expectations)) refused++;
        return refused;
    }
}
