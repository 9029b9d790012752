using System.Runtime.InteropServices;
using AuthzGraph.Graph.Storage;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Storage;

/// <summary>The real files under a real log: at whatever moment the power goes, what was synced by then holds all that was acknowledged by then.</summary>
public sealed class PowerLossTests(ITestOutputHelper output) : IDisposable
{
    private const int Transactions = 240;

    private static readonly LogShape Shape = new()
    {
        PageBits = 12, SegmentBits = 14, MemoryBits = 14, RecordBytes = 700, InFlightBytes = 6 * 1024, CheckpointEveryBytes = 24 * 1024,
    };

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Whenever_the_power_goes_the_synced_bytes_of_named_files_hold_all_that_was_acknowledged()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        List<LogTransaction> written = [];
        List<(int Acknowledged, Dictionary<string, byte[]> Files)> losses = [];
        SyncedFiles disk = new(_directory.Path);
        LogRetention retention = new(TimeSpan.FromMilliseconds(60), 1 << 30);
        await using (FasterTransactionLog log = FasterTransactionLog.Open(LogParts.In(_directory.Path, disk) with { Shape = Shape, Retention = retention }))
        {
            log.Replay(_ => { });
            for (int i = 1; i <= Transactions; i++)
            {
                LogTransaction next = Storage.Transactions.Related(random, (ulong)i, entries: 30);
                written.Add(next);
                await log.AppendDurablyAsync(next);
                if (random.Next(4) == 0) losses.Add((i, disk.LosePower()));
                if (random.Next(40) == 0) await log.Checkpoint.TakeAsync(CancellationToken.None);
                if (random.Next(8) == 0) losses.Add((i, disk.LosePower()));
            }
        }
        losses.Add((Transactions, disk.LosePower()));
        Assert.Contains(losses, loss => loss.Files.ContainsKey("checkpoint.3"));
        Assert.Contains(losses, loss => loss.Files.ContainsKey("log.3") && !loss.Files.ContainsKey("log.0"));
        foreach ((int acknowledged, Dictionary<string, byte[]> files) in losses) await ExpectAsync(files, acknowledged, written, retention);
    }

    /// <summary>What the system kept of a failed sync nobody knows: a second one that works proves nothing.</summary>
    [Fact]
    public async Task After_the_first_sync_that_fails_no_other_is_asked_for_and_nothing_more_is_acknowledged()
    {
        for (int sync = 4; sync < 40; sync += 3)
        {
            using TemporaryDirectory directory = new();
            SyncedFiles disk = new(directory.Path);
            List<Task<int>> acknowledged = [];
            Dictionary<string, byte[]> left;
            await using (FasterTransactionLog log = FasterTransactionLog.Open(LogParts.In(directory.Path, disk) with { Shape = Shape }))
            {
                disk.FailSyncOfLogAfter(sync);
                for (int i = 1; log.Failure is null; i++)
                    if (await AppendAsync(log, i) is { } position) acknowledged.Add(AcknowledgedAsync(log, position, i));
                left = disk.LosePower();
                await Assert.ThrowsAsync<StoreFailedException>(() => log.AppendDurablyAsync(Storage.Transactions.Small(1_000_000)));
            }
            Assert.Equal(0, disk.AskedAgain);
            int last = (await Task.WhenAll(acknowledged)).Max();
            Assert.InRange(last, 1, acknowledged.Count - 1);
            using TemporaryDirectory copy = new();
            foreach ((string name, byte[] bytes) in left) File.WriteAllBytes(copy.File(name), bytes);
            await using FasterTransactionLog again = FasterTransactionLog.Open(copy.Path, shape: Shape);
            Assert.InRange(again.Replayed().Count, last, acknowledged.Count + 1);
        }
    }

    [Fact]
    public void A_write_that_comes_behind_a_failed_sync_fails_too_without_another_sync()
    {
        using TemporaryDirectory directory = new();
        SyncedFiles disk = new(directory.Path);
        disk.FailSyncOfLogAfter(0);
        using DurableDevice device = new(directory.Path, Shape, begin: 0, disk);
        byte[] sector = GC.AllocateArray<byte>(DurableDevice.SectorBytes, pinned: true);
        List<(string Write, bool IsDurable)> told = [];
        Queue("first", then: () => Queue("while it is told", then: () => { }));
        device.WriteQueued();
        Queue("later", then: () => { });
        device.WriteQueued();
        Assert.Equal([("first", false), ("while it is told", false), ("later", false)], told);
        Assert.Equal(0, disk.AskedAgain);
        GC.KeepAlive(sector);

        void Queue(string write, Action then) => device.WriteAsync(Marshal.UnsafeAddrOfPinnedArrayElement(sector, 0), 0, 0, DurableDevice.SectorBytes, (error, _, _) =>
        {
            told.Add((write, error == 0));
            then();
        }, write);
    }

    private static async Task<long?> AppendAsync(FasterTransactionLog log, int revision)
    {
        try
        {
            return await log.AppendAsync(Storage.Transactions.OfText((ulong)revision, new string('x', revision * 37 % 900)), CancellationToken.None);
        }
        catch (StoreFailedException)
        {
            return null;
        }
    }

    /// <returns>The revision, or 0 if it never became durable.</returns>
    private static async Task<int> AcknowledgedAsync(FasterTransactionLog log, long position, int revision)
    {
        try
        {
            await log.WaitDurableAsync(position);
            return revision;
        }
        catch (StoreFailedException)
        {
            return 0;
        }
    }

    private static async Task ExpectAsync(Dictionary<string, byte[]> files, int acknowledged, List<LogTransaction> written, LogRetention retention)
    {
        using TemporaryDirectory left = new();
        foreach ((string name, byte[] bytes) in files) File.WriteAllBytes(left.File(name), bytes);
        await using FasterTransactionLog log = FasterTransactionLog.Open(left.Path, shape: Shape, retention: retention);
        int start = (int)log.Checkpoint.Revision.Value;
        List<LogTransaction> replayed = log.Replayed();
        Assert.True(start + replayed.Count >= acknowledged, $"{acknowledged} were acknowledged, {start} are in the checkpoint and {replayed.Count} behind it");
        Assert.Equal(Storage.Transactions.Texts(written.Skip(start).Take(replayed.Count)), Storage.Transactions.Texts(replayed));
        Assert.DoesNotContain(log.Checkpoint.Notices, notice => notice.Contains("instead", StringComparison.Ordinal));
        StoreText held = new();
        log.Checkpoint.Load(held);
        Assert.Equal(StoreModel.Of(written.Take(start), retention.Time).Text(), held.ToString());
    }
}
