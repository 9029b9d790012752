using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>
/// Some lives of one store, each ended by a loss of power, a failing write or a clean shutdown. After each, what is
/// replayed must be exactly the first so many transactions of those appended, all acknowledged ones among them.
/// </summary>
internal sealed class History(int seed)
{
    private const int Lives = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Random _random = new(seed);
    private readonly List<LogTransaction> _appended = [];
    private SimulatedDisk _disk = new(new Random(seed));
    private int _acknowledged;

    public int Crashes { get; private set; }
    public int TornSectors { get; private set; }
    public int Dropped { get; private set; }
    public int Transactions { get; private set; }
    public int Failures { get; private set; }

    public async Task RunAsync(bool withFailures)
    {
        for (int life = 0; life < Lives; life++) await LiveAsync(withFailures && _random.Next(2) == 0);
        await CheckUsableAsync();
    }

    private async Task LiveAsync(bool failing)
    {
        int before = _acknowledged;
        _disk.CrashAfter(_random.Next(failing ? 60 : 40), () => Volatile.Read(ref _acknowledged));
        if (failing) _disk.FailWrite(_random.Next(25));
        try
        {
            await using FasterTransactionLog log = SimulatedStore.Open(_disk, announcesFailure: _random.Next(2) == 0);
            Check(log);
            await WorkAsync(log);
        }
        catch (StoreFailedException) when (_disk.Failed)
        {
            // The life that met the failing write while it was opened: nothing was asked of it.
        }
        if (_disk.Failed) Failures++;
        Crashes++;
        TornSectors += _disk.TornSectors;
        (_disk, _acknowledged) = _disk.Crash ?? (_disk.LosePower(), _acknowledged);
        _acknowledged = Math.Max(before, _acknowledged);
    }

    /// <summary>Compares what is replayed with what was appended in earlier lives, and forgets what a crash took.</summary>
    private void Check(FasterTransactionLog log)
    {
        List<LogTransaction> replayed = log.Replayed();
        Assert.True(replayed.Count >= _acknowledged, $"{_acknowledged} were acknowledged, {replayed.Count} are there");
        Assert.True(replayed.Count <= _appended.Count, $"{_appended.Count} were appended, {replayed.Count} are there");
        for (int i = 0; i < replayed.Count; i++)
            Assert.Equal(Graph.Tests.Storage.Transactions.Text(_appended[i]), Graph.Tests.Storage.Transactions.Text(replayed[i]));
        Dropped += _appended.Count - replayed.Count;
        _appended.RemoveRange(replayed.Count, _appended.Count - replayed.Count);
        Volatile.Write(ref _acknowledged, replayed.Count);   // what one life has served, no later one may lose
    }

    private async Task WorkAsync(FasterTransactionLog log)
    {
        List<Task> waiters = [];
        int count = _random.Next(1, 25);
        for (int i = 0; i < count && _disk.Crash is null && await TryAppendAsync(log, waiters); i++)
        {
            if (_random.Next(30) == 0) await Task.Delay(2);
        }
        await Task.WhenAll(waiters).WaitAsync(Patience);
        if (log.Failure is not null) await CheckStoppedAsync(log);
    }

    private async Task<bool> TryAppendAsync(FasterTransactionLog log, List<Task> waiters)
    {
        int textLength = _random.Next(6) == 0 ? 4_000 : 150;
        LogTransaction transaction = Graph.Tests.Storage.Transactions.Random(_random, (ulong)_appended.Count + 1, textLength);
        _appended.Add(transaction);
        Transactions++;
        try
        {
            long position = await log.AppendAsync(transaction, CancellationToken.None).AsTask().WaitAsync(Patience);
            Task waiter = AcknowledgeAsync(log, position, (int)transaction.Revision.Value);
            if (_random.Next(3) == 0) await waiter.WaitAsync(Patience);
            else waiters.Add(waiter);
            return true;
        }
        catch (StoreFailedException) when (_disk.Failed)
        {
            return false;
        }
    }

    private async Task AcknowledgeAsync(FasterTransactionLog log, long position, int revision)
    {
        try
        {
            await log.WaitDurableAsync(position);
            lock (_appended) Volatile.Write(ref _acknowledged, Math.Max(_acknowledged, revision));
        }
        catch (StoreFailedException) when (_disk.Failed)
        {
        }
    }

    private async Task CheckStoppedAsync(FasterTransactionLog log)
    {
        LogTransaction next = Graph.Tests.Storage.Transactions.Small((ulong)_appended.Count + 1);
        await Assert.ThrowsAsync<StoreFailedException>(() => log.AppendAsync(next, CancellationToken.None).AsTask().WaitAsync(Patience));
        Assert.Throws<StoreFailedException>(() => log.ReserveInstant(new Instant(long.MaxValue - 1)));
    }

    /// <summary>One last life in which nothing goes wrong.</summary>
    private async Task CheckUsableAsync()
    {
        await using (FasterTransactionLog log = SimulatedStore.Open(_disk))
        {
            Check(log);
            LogTransaction last = Graph.Tests.Storage.Transactions.Small((ulong)_appended.Count + 1);
            _appended.Add(last);
            await log.AppendDurablyAsync(last);
        }
        _acknowledged = _appended.Count;
        await using FasterTransactionLog reopened = SimulatedStore.Open(_disk);
        Check(reopened);
    }
}
