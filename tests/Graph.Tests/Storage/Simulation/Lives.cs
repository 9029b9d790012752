using AuthzGraph.Graph.Storage;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>
/// The lives of one store's log, one after the other, each upon the disk that the crash of the one before left: what was appended in them,
/// and how much of it was acknowledged before the power went.
/// </summary>
internal sealed class Lives(SimulatedDisk disk, Random random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<LogTransaction> _appended = [];
    private int _acknowledged;
    private int _acknowledgedBefore;

    public SimulatedDisk Disk { get; private set; } = disk;

    /// <summary>The transactions that are there, or on their way.</summary>
    public IReadOnlyList<LogTransaction> Appended => _appended;

    public ulong NextRevision => (ulong)_appended.Count + 1;

    public int Crashes { get; private set; }
    public int Torn { get; private set; }
    public int Failures { get; private set; }

    /// <summary>How many transactions were appended and lost, none of them acknowledged.</summary>
    public int Dropped { get; private set; }

    /// <summary>Whether anything on the disk has failed in this life.</summary>
    public bool HasFailed => Disk.Failed || Disk.ReadFailed;

    /// <param name="events">How many things happen on the disk before the power goes.</param>
    public void Begin(int events)
    {
        _acknowledgedBefore = _acknowledged;
        Disk.CrashAfter(events, () => Volatile.Read(ref _acknowledged));
    }

    /// <summary>The next life begins with what the crash left, or, where there was none, with what a loss of power now leaves.</summary>
    public void End()
    {
        if (HasFailed) Failures++;
        Crashes++;
        Torn += Disk.TornSectors;
        (Disk, _acknowledged) = Disk.Crash ?? (Disk.LosePower(), _acknowledged);
        _acknowledged = Math.Max(_acknowledgedBefore, _acknowledged);
    }

    /// <summary>Something is done to the disk between two lives.</summary>
    public void Between(Func<SimulatedDisk, SimulatedDisk> change) => Disk = change(Disk);

    /// <summary>
    /// What a log tells behind a revision must be the transactions appended there, all acknowledged ones among them; what a crash took is
    /// forgotten.
    /// </summary>
    public void Expect(int start, List<LogTransaction> replayed)
    {
        int there = start + replayed.Count;
        Assert.True(there >= _acknowledged, $"{_acknowledged} were acknowledged, {there} are there");
        Assert.True(there <= _appended.Count, $"{_appended.Count} were appended, {there} are there");
        for (int i = 0; i < replayed.Count; i++) Assert.Equal(Transactions.Text(_appended[start + i]), Transactions.Text(replayed[i]));
        Dropped += _appended.Count - there;
        _appended.RemoveRange(there, _appended.Count - there);
        Volatile.Write(ref _acknowledged, there);   // what one life has served, no later one may lose
    }

    /// <summary>Appends the next transaction, and sometimes waits until it is acknowledged.</summary>
    /// <returns>False if the log has stopped.</returns>
    public async Task<bool> TryAppendAsync(FasterTransactionLog log, LogTransaction transaction, List<Task> waiters)
    {
        _appended.Add(transaction);
        try
        {
            long position = await log.AppendAsync(transaction, CancellationToken.None).AsTask().WaitAsync(Patience);
            Task waiter = AcknowledgeAsync(log, position, (int)transaction.Revision.Value);
            if (random.Next(3) == 0) await waiter.WaitAsync(Patience);
            else waiters.Add(waiter);
            return true;
        }
        catch (StoreFailedException) when (Disk.Failed)
        {
            return false;
        }
    }

    /// <summary>Appends the next transaction while nothing goes wrong.</summary>
    public async Task AppendAsync(FasterTransactionLog log, LogTransaction transaction)
    {
        _appended.Add(transaction);
        await log.AppendDurablyAsync(transaction);
        _acknowledged = _appended.Count;
    }

    private async Task AcknowledgeAsync(FasterTransactionLog log, long position, int revision)
    {
        try
        {
            await log.WaitDurableAsync(position);
            lock (_appended) Volatile.Write(ref _acknowledged, Math.Max(_acknowledged, revision));
        }
        catch (StoreFailedException) when (Disk.Failed)
        {
        }
    }
}
