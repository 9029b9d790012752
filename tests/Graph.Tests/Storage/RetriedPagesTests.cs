using AuthzGraph.Graph.Storage;

namespace AuthzGraph.Graph.Tests.Storage;

public sealed class RetriedPagesTests
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_read_that_fails_now_and_then_is_tried_again(int failures)
    {
        var pages = new Failing(failures);
        byte[] bytes = new byte[2];
        new RetriedPages(pages, Waits, CancellationToken.None).Read(7, bytes);
        Assert.Equal((failures + 1, "7,7"), (pages.Reads, string.Join(',', bytes)));
    }

    [Fact]
    public void A_read_that_always_fails_is_given_up_with_the_systems_reason()
    {
        var pages = new Failing(int.MaxValue);
        IOException failure = Assert.Throws<IOException>(() => new RetriedPages(pages, Waits, CancellationToken.None).Read(0, new byte[1]));
        Assert.Equal(("read 3 failed", 3), (failure.Message, pages.Reads));
    }

    [Fact]
    public async Task Who_closes_the_store_does_not_wait_for_the_next_try()
    {
        using CancellationTokenSource closing = new();
        var pages = new Failing(int.MaxValue);
        Task reading = Task.Run(() => new RetriedPages(pages, [TimeSpan.FromHours(1)], closing.Token).Read(0, new byte[1]));
        await closing.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    private sealed class Failing(int failures) : ILogPages
    {
        public int Reads { get; private set; }

        public long End => 1 << 20;

        public void Read(long address, Span<byte> destination)
        {
            if (Reads++ < failures) throw new IOException($"read {Reads} failed");
            destination.Fill((byte)address);
        }
    }
}
