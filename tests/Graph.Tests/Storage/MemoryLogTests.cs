using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Storage;

public sealed class MemoryLogTests
{
    [Fact]
    public async Task A_log_in_memory_takes_transactions_in_order_and_keeps_none()
    {
        await using MemoryTransactionLog log = new();
        Assert.Empty(log.Replayed());
        await log.AppendDurablyAsync(Transactions.Small(1));
        await log.AppendDurablyAsync(Transactions.Small(2));
        await Assert.ThrowsAsync<InvariantException>(() => log.AppendDurablyAsync(Transactions.Small(2)));
        Assert.Null(log.Failure);
        log.ReserveInstant(new Instant(7));
        Assert.Equal(new Instant(7), log.ReservedInstant);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1_000)]
    [InlineData(2_500)]
    public async Task What_is_read_of_a_log_in_memory_is_what_it_had_when_it_was_asked(int kept)
    {
        const ulong Last = 6_000;
        await using MemoryTransactionLog log = new(TimeSpan.FromMilliseconds(kept));    // transactions are a millisecond apart
        List<(ulong First, ulong Last, IEnumerable<LogTransaction> Read)> reads = [];
        for (ulong revision = 1; revision <= Last; revision++)
        {
            await log.AppendAsync(Transactions.Small(revision), CancellationToken.None);
            ulong oldest = revision <= (ulong)kept + 1 ? 1 : revision - (ulong)kept;
            Assert.Equal(oldest, log.Oldest.Value);
            if (revision % 487 != 0) continue;
            foreach (ulong first in (ulong[])[0, oldest, oldest + 1, (oldest + revision) / 2, revision, revision + 1])
                reads.Add((Math.Max(first, oldest), revision, log.ReadFrom(new Revision(first))));
        }
        foreach ((ulong first, ulong last, IEnumerable<LogTransaction> read) in reads)
            Assert.Equal(Enumerable.Range((int)first, (int)(last + 1 - first)).Select(i => Transactions.Text(Transactions.Small((ulong)i))), Transactions.Texts(read));
    }

    [Fact]
    public void Opening_a_log_in_memory_costs_next_to_nothing()
    {
        _ = new MemoryTransactionLog();
        long before = GC.GetAllocatedBytesForCurrentThread();
        MemoryTransactionLog log = new();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 4_096);
        Assert.NotEqual(default, log.Identity.Store);
    }
}
