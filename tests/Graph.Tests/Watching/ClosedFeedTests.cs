using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Watching;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Watching;

public sealed class ClosedFeedTests
{
    [Fact]
    public async Task A_watch_that_turns_to_the_log_just_after_it_was_closed_ends()
    {
        await using var log = new MemoryTransactionLog();
        var feed = new ChangeFeed(log, new History(new GraphIndex().Horizon), Limits.Default);
        await feed.CloseAsync();
        RejectionException end = await Assert.ThrowsAsync<RejectionException>(() => feed.ReadLogAsync(default, [], CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal("STORE_CLOSED", end.Reason);
    }
}
