using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>
/// Some lives of one store, each ended by a loss of power, a failing write or a clean shutdown. After each, what is
/// replayed must be exactly the first so many transactions of those appended, all acknowledged ones among them.
/// </summary>
internal sealed class History
{
    private const int Count = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Random _random;

    public History(int seed)
    {
        _random = new Random(seed);
        Lives = new Lives(new SimulatedDisk(new Random(seed)), _random);
    }

    public Lives Lives { get; }

    public int Transactions { get; private set; }

    public async Task RunAsync(bool withFailures)
    {
        for (int life = 0; life < Count; life++) await LiveAsync(withFailures && _random.Next(2) == 0);
        await CheckUsableAsync();
    }

    private async Task LiveAsync(bool failing)
    {
        Lives.Begin(_random.Next(failing ? 60 : 40));
        if (failing) Lives.Disk.FailWrite(_random.Next(25));
        try
        {
            await using FasterTransactionLog log = SimulatedStore.Open(Lives.Disk, announcesFailure: _random.Next(2) == 0);
            Lives.Expect(0, log.Replayed());
            await WorkAsync(log);
        }
        catch (StoreFailedException) when (Lives.Disk.Failed)
        {
            // The life that met the failing write while it was opened: nothing was asked of it.
        }
        Lives.End();
    }

    private async Task WorkAsync(FasterTransactionLog log)
    {
        List<Task> waiters = [];
        int count = _random.Next(1, 25);
        for (int i = 0; i < count && Lives.Disk.Crash is null && await Lives.TryAppendAsync(log, Next(), waiters); i++)
        {
            if (_random.Next(30) == 0) await Task.Delay(2);
        }
        await Task.WhenAll(waiters).WaitAsync(Patience);
        if (log.Failure is not null) await CheckStoppedAsync(log);
    }

    private LogTransaction Next()
    {
        Transactions++;
        return Storage.Transactions.Random(_random, Lives.NextRevision, _random.Next(6) == 0 ? 4_000 : 150);
    }

    private async Task CheckStoppedAsync(FasterTransactionLog log)
    {
        LogTransaction next = Storage.Transactions.Small(Lives.NextRevision);
        await Assert.ThrowsAsync<StoreFailedException>(() => log.AppendAsync(next, CancellationToken.None).AsTask().WaitAsync(Patience));
        Assert.Throws<StoreFailedException>(() => log.ReserveInstant(new Instant(long.MaxValue - 1)));
    }

    /// <summary>One last life in which nothing goes wrong.</summary>
    private async Task CheckUsableAsync()
    {
        await using (FasterTransactionLog log = SimulatedStore.Open(Lives.Disk))
        {
            Lives.Expect(0, log.Replayed());
            await Lives.AppendAsync(log, Storage.Transactions.Small(Lives.NextRevision));
        }
        await using FasterTransactionLog reopened = SimulatedStore.Open(Lives.Disk);
        Lives.Expect(0, reopened.Replayed());
    }
}
