using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Storage;

public sealed class CheckpointRetryTests : IDisposable
{
    private static readonly LogShape Patient = LogShape.Default with { RetryCheckpointAfter = TimeSpan.FromMilliseconds(100) };

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_checkpoint_that_could_not_be_taken_is_tried_again_until_it_can_be()
    {
        int failures = 0, onPool = 0;
        using SemaphoreSlim failed = new(0);
        DirectoryInfo inTheWay = Directory.CreateDirectory(_directory.File("checkpoint.1.new"));
        await using FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path, shape: Patient, checkpointFailed: _ =>
        {
            failures++;
            if (Thread.CurrentThread.IsThreadPoolThread) onPool++;
            failed.Release();
        });
        log.Replay(_ => { });
        await log.AppendDurablyAsync(Transactions.Small(1));
        await Assert.ThrowsAsync<StoreFailedException>(async () => await log.Checkpoint.TakeAsync(CancellationToken.None));
        for (int i = 0; i < 3; i++) Assert.True(await failed.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.IsType<StoreFailedException>(log.Checkpoint.Problem);
        Assert.Null(log.Failure);
        Assert.True(log.Checkpoint.State.Failures >= 3);
        Assert.Null(log.Checkpoint.State.TakenAt);

        inTheWay.Delete();
        for (int i = 0; i < 600 && log.Checkpoint.Problem is not null; i++) await Task.Delay(50);
        Assert.Null(log.Checkpoint.Problem);
        Assert.Equal(new Revision(1), log.Checkpoint.State.Revision);
        Assert.NotNull(log.Checkpoint.State.TakenAt);
        Assert.InRange(failures, 3, int.MaxValue);
        Assert.Equal(0, onPool);        // it takes long: those who wait for answers need the pool's threads
    }

    [Fact]
    public async Task A_log_that_has_stopped_is_told_to_whoever_waits_for_it()
    {
        string inTheWay = Directory.CreateDirectory(_directory.File("log.1")).FullName;
        await using FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path, shape: new LogShape { PageBits = 15, SegmentBits = 17, MemoryBits = 18, RecordBytes = 8 * 1024, InFlightBytes = 64 * 1024 });
        Task<Exception> failed = log.Failed;
        Assert.False(failed.IsCompleted);
        await Assert.ThrowsAsync<StoreFailedException>(async () =>
        {
            for (ulong revision = 1; revision < 1_000; revision++) await log.AppendDurablyAsync(Transactions.OfText(revision, new string('x', 5_000)));
        });
        Assert.Contains("log.1", (await failed.WaitAsync(TimeSpan.FromSeconds(5))).Message);
        Assert.Same(log.Failure, await failed);
        Directory.Delete(inTheWay);
    }
}
