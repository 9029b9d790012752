using System.Buffers;
using AuthzGraph.Graph.Storage;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>Edges of records, pages, segments and queues.</summary>
public sealed class BoundaryTests
{
    private static readonly LogShape Unmarked = SimulatedStore.Tiny with { IdleBeforeMark = TimeSpan.FromHours(1) };

    [Theory]
    [InlineData(1)]   // a page
    [InlineData(3)]
    [InlineData(4)]   // a segment
    [InlineData(8)]
    public async Task A_log_may_end_exactly_where_a_page_or_a_segment_ends(int pages)
    {
        SimulatedDisk disk = new(new Random(1));
        List<LogTransaction> written = [];
        await using FasterTransactionLog log = SimulatedStore.Open(disk, shape: Unmarked);
        long end = pages * Unmarked.PageBytes;
        long position = await AppendAsync(log, written, 1);
        while (end - position > 700) position = await AppendAsync(log, written, 400);
        int textLength = Enumerable.Range(1, 1_000).First(n => Occupied(Next(written, n)) == end - position);
        position = await AppendAsync(log, written, textLength);
        Assert.Equal(end, position);

        SimulatedDisk left = disk.LosePower();
        for (int life = 0; life < 3; life++)
        {
            await using FasterTransactionLog next = SimulatedStore.Open(left, shape: Unmarked);
            Assert.Equal(Transactions.Texts(written), Transactions.Texts(next.Replayed()));
            await AppendAsync(next, written, 10);
        }
    }

    [Fact]
    public async Task Appends_wait_while_too_much_is_in_flight()
    {
        SimulatedDisk disk = new(new Random(1));
        List<LogTransaction> written = [];
        await using FasterTransactionLog log = SimulatedStore.Open(disk);
        (long appended, Task<long> waiting) = await AppendUntilHeldBackAsync(disk, log, written, CancellationToken.None);
        disk.Release();
        await log.WaitDurableAsync(await waiting);
        Assert.InRange(appended, SimulatedStore.Tiny.InFlightBytes / 2, SimulatedStore.Tiny.InFlightBytes + 200);
    }

    [Fact]
    public async Task An_append_that_was_called_off_while_it_waited_leaves_no_trace()
    {
        SimulatedDisk disk = new(new Random(1));
        List<LogTransaction> written = [];
        using CancellationTokenSource calledOff = new();
        await using (FasterTransactionLog log = SimulatedStore.Open(disk))
        {
            (_, Task<long> waiting) = await AppendUntilHeldBackAsync(disk, log, written, calledOff.Token);
            await calledOff.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            disk.Release();
            written.RemoveAt(written.Count - 1);
            await AppendAsync(log, written, 1);
        }
        await using FasterTransactionLog next = SimulatedStore.Open(disk);
        Assert.Equal(Transactions.Texts(written), Transactions.Texts(next.Replayed()));
    }

    [Fact]
    public async Task Asking_for_what_is_durable_already_allocates_nothing()
    {
        await using FasterTransactionLog log = SimulatedStore.Open(new SimulatedDisk(new Random(1)));
        long position = await log.AppendAsync(Transactions.Small(1), CancellationToken.None);
        await log.WaitDurableAsync(position);
        Assert.Equal(0, Allocated(log, position));
    }

    [Fact]
    public async Task Many_waiters_for_one_group_are_all_woken()
    {
        SimulatedDisk disk = new(new Random(1));
        await using FasterTransactionLog log = SimulatedStore.Open(disk);
        using IDisposable held = disk.Hold();
        long position = await log.AppendAsync(Transactions.Small(1), CancellationToken.None);
        Task[] waiters = [.. Enumerable.Range(0, 1_000).Select(_ => log.WaitDurableAsync(position).AsTask())];
        Assert.DoesNotContain(waiters, waiter => waiter.IsCompleted);
        disk.Release();
        await Task.WhenAll(waiters).WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Holds the disk and appends until an append does not return; the caller releases.</summary>
    private static async Task<(long Appended, Task<long> Waiting)> AppendUntilHeldBackAsync(
        SimulatedDisk disk, FasterTransactionLog log, List<LogTransaction> written, CancellationToken cancellation)
    {
        _ = disk.Hold();
        for (long appended = 0; written.Count < 100;)
        {
            Task<long> append = log.AppendAsync(Add(written, 400), cancellation).AsTask();
            await Task.WhenAny(append, Task.Delay(200, CancellationToken.None));
            if (!append.IsCompleted) return (appended, append);
            appended = await append;
        }
        disk.Release();
        throw new InvalidOperationException("nothing held the appends back");
    }

    private static long Allocated(FasterTransactionLog log, long position)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool durable = true;
        for (int i = 0; i < 100; i++) durable &= log.WaitDurableAsync(position).AsTask().IsCompletedSuccessfully;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(durable);
        return allocated;
    }

    private static async Task<long> AppendAsync(FasterTransactionLog log, List<LogTransaction> written, int textLength)
    {
        long position = await log.AppendAsync(Add(written, textLength), CancellationToken.None);
        await log.WaitDurableAsync(position);
        return position;
    }

    private static LogTransaction Add(List<LogTransaction> written, int textLength)
    {
        written.Add(Next(written, textLength));
        return written[^1];
    }

    private static LogTransaction Next(List<LogTransaction> written, int textLength) =>
        Transactions.OfText((ulong)written.Count + 1, new string('x', textLength));

    private static int Occupied(LogTransaction transaction)
    {
        ArrayBufferWriter<byte> body = new();
        TransactionCodec.Encode(transaction, body);
        int whole = RecordFrame.HeaderBytes + RecordPayload.InstantBytes + body.WrittenCount;
        return whole <= Unmarked.RecordBytes ? LogScan.Occupied(whole) : -1;
    }
}
