using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>
/// Some lives of one store that takes checkpoints and truncates its log, each ended by a loss of power, a failing write, sync or
/// read, a full disk or a clean shutdown, with rot in between. After each, what the checkpoint holds must be what the transactions up
/// to it add up to, and the log must go on from there exactly, with all that was acknowledged.
/// </summary>
internal sealed class CheckpointHistory
{
    private const int Count = 5;
    private static readonly int[] Grains = [512, 4096, 1];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Random _random;
    private readonly LogRetention _retention;
    private readonly LogShape _shape;
    private readonly HashSet<string> _rotten = [];
    private bool _isRotten;

    public CheckpointHistory(int seed)
    {
        _random = new Random(seed);
        Lives = new Lives(new SimulatedDisk(new Random(seed), Grains[_random.Next(Grains.Length)]), _random);
        _retention = new LogRetention(TimeSpan.FromMilliseconds(_random.Next(60)), _random.Next(3) switch { 0 => 0, 1 => 20_000, _ => 1 << 30 });
        _shape = SimulatedStore.Tiny with
        {
            CheckpointEveryBytes = _random.Next(3) == 0 ? long.MaxValue : 4_096,
            CheckpointItems = _random.Next(3) == 0 ? 20 : 4_000,
        };
    }

    public Lives Lives { get; }

    public int FromCheckpoint { get; private set; }
    public int FromOlder { get; private set; }
    public int Truncated { get; private set; }
    public int Refused { get; private set; }

    public async Task RunAsync()
    {
        for (int life = 0; life < Count && Refused == 0; life++)
        {
            await LiveAsync();
            if (_random.Next(8) == 0) Lives.Between(Rotten);
        }
        if (Refused == 0) await CheckUsableAsync();
    }

    private async Task LiveAsync()
    {
        Lives.Begin(_random.Next(150));
        SimulatedDisk disk = Lives.Disk;
        switch (_random.Next(6))
        {
            case 0: disk.FailWrite(_random.Next(60)); break;
            case 1: disk.FailRead(_random.Next(40)); break;
            case 2: disk.FullAt(disk.Bytes + _random.Next(30_000)); break;
        }
        try
        {
            await using FasterTransactionLog log = Open();
            Check(log);
            await WorkAsync(log);
        }
        catch (StoreFailedException) when (Lives.HasFailed)
        {
            // The life that met the failure while it was opened: nothing was asked of it.
        }
        catch (StoreFailedException) when (_isRotten)
        {
            Refused++;
            return;
        }
        Lives.End();
    }

    private FasterTransactionLog Open() => SimulatedStore.Open(Lives.Disk, announcesFailure: _random.Next(2) == 0, _shape, _retention);

    /// <summary>Damages a checkpoint at rest. While one of those that count is whole, nothing is lost; after that the store may refuse to start.</summary>
    private SimulatedDisk Rotten(SimulatedDisk disk)
    {
        SimulatedSlots slots = new(disk, SimulatedStore.Manifest);
        if (!slots.Exists) return disk;
        string[] named = [.. Manifest.Decode(SlotFile.Open(slots, Manifest.Format).Content).Checkpoints.Select(mark => $"checkpoint.{mark.Number}")];
        foreach (string file in named.Where(_ => _random.Next(3) != 0))
        {
            if (disk.Length(file) > 0) disk = disk.Damaged(file, bytes => _random.Next(10) == 0 ? null : Flipped(bytes));
            _rotten.Add(file);
        }
        _isRotten |= named.Length > 0 && named.All(_rotten.Contains);
        return disk;
    }

    private byte[] Flipped(byte[] bytes)
    {
        bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
        return bytes;
    }

    private void Check(FasterTransactionLog log)
    {
        int start = (int)log.Checkpoint.Revision.Value;
        if (start > 0) FromCheckpoint++;
        if (log.Checkpoint.Notices.Any(notice => notice.Contains("instead", StringComparison.Ordinal))) FromOlder++;
        Assert.InRange(start, 0, Lives.Appended.Count);
        StoreText held = new();
        log.Checkpoint.Load(held);
        Assert.Equal(StoreModel.Of(Lives.Appended.Take(start), _retention.Time).Text(), held.ToString());
        Lives.Expect(start, log.Replayed());
        CheckPast(log, start);
    }

    /// <summary>What is still in the log before the checkpoint is what was appended.</summary>
    private void CheckPast(FasterTransactionLog log, int start)
    {
        if (_isRotten) return;
        LogTransaction[] past = [.. log.ReadBack(CancellationToken.None)];
        bool isTruncated = past is [.., { Entries: [] }];
        for (int i = 0; i < past.Length; i++)
        {
            LogTransaction expected = Lives.Appended[start - 1 - i];
            Assert.Equal(Transactions.Text(isTruncated && i == past.Length - 1 ? expected with { Entries = [] } : expected), Transactions.Text(past[i]));
        }
        if (isTruncated) Truncated++;
        else Assert.True(past.Length == start || past.Length == 0, $"the log ends at revision {start - past.Length} without a word");
    }

    private async Task WorkAsync(FasterTransactionLog log)
    {
        List<Task> waiters = [];
        int count = _random.Next(1, 40);
        for (int i = 0; i < count && Lives.Disk.Crash is null && await Lives.TryAppendAsync(log, Next(), waiters); i++)
        {
            if (_random.Next(12) == 0) waiters.Add(TakeAsync(log));
            if (_random.Next(20) == 0) await Task.WhenAll(waiters).WaitAsync(Patience);
        }
        await Task.WhenAll(waiters).WaitAsync(Patience);
        if (log.Failure is not null) await Assert.ThrowsAsync<StoreFailedException>(() => log.AppendAsync(Next(), CancellationToken.None).AsTask().WaitAsync(Patience));
    }

    private LogTransaction Next() => Transactions.Related(_random, Lives.NextRevision, before: Lives.Appended);

    private async Task TakeAsync(FasterTransactionLog log)
    {
        try
        {
            await log.Checkpoint.TakeAsync(CancellationToken.None);
        }
        catch (StoreFailedException) when (Lives.HasFailed || _isRotten)
        {
        }
    }

    /// <summary>One last life in which nothing goes wrong.</summary>
    private async Task CheckUsableAsync()
    {
        try
        {
            for (int i = 0; i < 2; i++)
            {
                await using FasterTransactionLog log = Open();
                Check(log);
                LogTransaction last = Next();
                await Lives.AppendAsync(log, last);
                Assert.Equal(last.Revision, await log.Checkpoint.TakeAsync(CancellationToken.None));
            }
        }
        catch (StoreFailedException) when (_isRotten)
        {
            Refused++;
        }
    }
}
