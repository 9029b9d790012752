using AuthzGraph.Graph.Storage;

namespace AuthzGraph.Graph.Tests.Storage;

/// <summary>What a directory must hold to be a store.</summary>
public sealed class StoreDirectoryTests : IDisposable
{
    private static readonly LogShape Small = LogShape.Default with { PageBits = 16, SegmentBits = 17, MemoryBits = 18, RecordBytes = 8_192, InFlightBytes = 65_536 };

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_store_without_its_manifest_is_refused()
    {
        await FillAsync(1);
        File.Delete(_directory.File("manifest"));
        Assert.Contains("`manifest` is missing", Refusal());
    }

    [Fact]
    public async Task A_store_without_its_reserved_instant_is_refused()
    {
        await FillAsync(1);
        File.Delete(_directory.File("instant"));
        Assert.Contains("`instant` is missing", Refusal());
    }

    [Theory]
    [InlineData("log.0")]
    [InlineData("log.1")]
    [InlineData("log.2")]
    public async Task A_store_without_one_of_its_segments_is_refused(string segment)
    {
        await FillAsync(40);
        Assert.False(File.Exists(_directory.File("log.4")));
        File.Delete(_directory.File(segment));
        string refusal = Refusal();
        Assert.True(refusal.Contains("is missing") || refusal.Contains("damaged"), refusal);
    }

    [Fact]
    public async Task A_truncated_segment_is_refused()
    {
        await FillAsync(1);
        using (FileStream file = File.OpenWrite(_directory.File("log.0"))) file.SetLength(file.Length - 1);
        Assert.Contains("131071 bytes where it was made with 131072", Refusal());
    }

    [Fact]
    public async Task The_log_of_another_store_is_refused()
    {
        await FillAsync(1);
        using TemporaryDirectory other = new();
        await FasterTransactionLog.Open(other.Path, shape: Small).DisposeAsync();
        File.Copy(other.File("log.0"), _directory.File("log.0"), overwrite: true);
        Assert.Contains("is of store", Refusal());
    }

    [Fact]
    public async Task Pages_and_segments_keep_the_size_the_store_was_made_with()
    {
        await FillAsync(40);
        await using FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path);
        Assert.Equal(40, log.Replayed().Count);
    }

    [Fact]
    public async Task A_segment_that_was_being_made_when_the_power_went_is_made_again()
    {
        await FillAsync(1);
        File.WriteAllBytes(_directory.File("log.1.new"), new byte[100]);
        await using FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path, shape: Small);
        Assert.Single(log.Replayed());
        Assert.False(File.Exists(_directory.File("log.1.new")));
    }

    [Fact]
    public async Task A_segment_that_cannot_be_made_stops_the_log_and_loses_nothing()
    {
        string inTheWay = Directory.CreateDirectory(_directory.File("log.1")).FullName;
        int acknowledged = 0;
        await using (FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path, shape: Small))
        {
            StoreFailedException failure = await Assert.ThrowsAsync<StoreFailedException>(async () =>
            {
                for (; acknowledged < 1_000; acknowledged++) await log.AppendDurablyAsync(Big(acknowledged + 1));
            });
            Assert.Contains("log.1", failure.Message);
            Assert.IsType<StoreFailedException>(log.Failure);
            await Assert.ThrowsAsync<StoreFailedException>(() => log.AppendDurablyAsync(Big(acknowledged + 2)));
        }
        Directory.Delete(inTheWay);
        await using FasterTransactionLog reopened = FasterTransactionLog.Open(_directory.Path, shape: Small);
        List<LogTransaction> replayed = reopened.Replayed();
        Assert.InRange(replayed.Count, acknowledged, acknowledged + 1);
        await reopened.AppendDurablyAsync(Big(replayed.Count + 1));
    }

    /// <summary>What a process leaves behind that is killed in the middle of its work.</summary>
    [Fact]
    public async Task The_files_of_a_running_store_hold_all_that_was_acknowledged()
    {
        int acknowledged = 0;
        await using FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path, shape: Small);
        for (int killed = 0; killed < 12; killed++)
        {
            for (int i = 0; i < 4; i++) await log.AppendDurablyAsync(Transactions.OfText((ulong)++acknowledged, new string('x', 1_000 * killed)));
            using TemporaryDirectory left = new();
            foreach (string file in Directory.EnumerateFiles(_directory.Path).Where(f => !f.EndsWith("lock", StringComparison.Ordinal) && !f.EndsWith(".new", StringComparison.Ordinal)))
                File.Copy(file, left.File(Path.GetFileName(file)));
            for (int life = 0; life < 2; life++)
            {
                await using FasterTransactionLog next = FasterTransactionLog.Open(left.Path, shape: Small);
                Assert.Equal(acknowledged + life, next.Replayed().Count);
                await next.AppendDurablyAsync(Big(acknowledged + life + 1));
            }
        }
    }

    private async Task FillAsync(int count)
    {
        await using FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path, shape: Small);
        for (int i = 1; i <= count; i++) await log.AppendDurablyAsync(Big(i));
    }

    private static LogTransaction Big(int revision) => Transactions.OfText((ulong)revision, new string('x', 8_000));

    private string Refusal() => Assert.Throws<StoreFailedException>(() => FasterTransactionLog.Open(_directory.Path, shape: Small)).Message;
}
