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
