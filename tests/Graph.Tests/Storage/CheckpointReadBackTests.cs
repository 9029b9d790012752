using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;
using Microsoft.Win32.SafeHandles;

namespace AuthzGraph.Graph.Tests.Storage;

/// <summary>A disk that spoils what it is given, and says nothing: what was not read back whole does not count.</summary>
public sealed class CheckpointReadBackTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_checkpoint_that_does_not_read_back_never_counts()
    {
        Spoiling disk = new();
        int written = 0, spoiled = 0;
        for (int life = 0; life < 12; life++)
        {
            await using FasterTransactionLog log = FasterTransactionLog.Open(LogParts.In(_directory.Path, disk));
            Assert.Empty(log.Checkpoint.Notices);
            Assert.Equal(written, (int)log.Checkpoint.Revision.Value + log.Replayed().Count);
            Revision before = log.Checkpoint.Revision;
            await log.AppendDurablyAsync(Transactions.Related(new Random(life), (ulong)++written, entries: 60));
            disk.Byte = life * 97 % 500;
            StoreFailedException failure = await Assert.ThrowsAsync<StoreFailedException>(async () => await log.Checkpoint.TakeAsync(CancellationToken.None));
            Assert.Contains("is damaged at block", failure.Message);
            Assert.Equal((before, null), (log.Checkpoint.State.Revision, log.Failure));
            disk.Byte = null;
            spoiled++;
            if (life % 3 == 2) Assert.Equal(new Revision((ulong)written), await log.Checkpoint.TakeAsync(CancellationToken.None));
        }
        Assert.Equal(12, spoiled);
    }

    private sealed class Spoiling : IStableStorage
    {
        /// <summary>Which byte of the next checkpoints changes on its way; null: none does.</summary>
        public int? Byte { get; set; }

        public void Sync(SafeFileHandle file, string path)
        {
            if (Byte is { } place && Path.GetFileName(path).StartsWith("checkpoint.", StringComparison.Ordinal))
            {
                byte[] one = new byte[1];
                Assert.Equal(1, RandomAccess.Read(file, one, place));
                one[0] ^= 0x10;
                RandomAccess.Write(file, one, place);
            }
            StableStorage.Disk.Sync(file, path);
        }

        public void SyncDirectoryOf(string path) => StableStorage.Disk.SyncDirectoryOf(path);
    }
}
