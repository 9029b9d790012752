using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Storage;

public sealed class FileLogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_was_acknowledged_is_there_after_reopening()
    {
        Random random = new(1);
        List<LogTransaction> written = [];
        StoreIdentity? identity = null;
        for (int life = 0; life < 4; life++)
        {
            await using FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path);
            identity ??= log.Identity;
            Assert.Equal((identity.Store, identity.Timeline, Convert.ToHexString(identity.TokenKey)),
                (log.Identity.Store, log.Identity.Timeline, Convert.ToHexString(log.Identity.TokenKey)));
            Assert.Equal(Transactions.Texts(written), Transactions.Texts(log.Replayed()));
            for (int i = 0; i < 50; i++)
            {
                LogTransaction transaction = Transactions.Random(random, (ulong)written.Count + 1);
                written.Add(transaction);
                await log.AppendDurablyAsync(transaction);
            }
        }
    }

    [Fact]
    public async Task A_transaction_of_several_megabytes_is_there_after_reopening()
    {
        LogTransaction big = Transactions.OfText(2, string.Concat(Enumerable.Range(0, 700_000).Select(i => $"{i} ")));
        await using (FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path))
        {
            await log.AppendDurablyAsync(Transactions.Small(1));
            await log.AppendDurablyAsync(big);
            await log.AppendDurablyAsync(Transactions.Small(3));
        }
        await using FasterTransactionLog reopened = FasterTransactionLog.Open(_directory.Path);
        Assert.Equal(Transactions.Texts([Transactions.Small(1), big, Transactions.Small(3)]), Transactions.Texts(reopened.Replayed()));
    }

    [Fact]
    public async Task The_reserved_instant_survives_reopening_and_never_goes_back()
    {
        await using (FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path))
        {
            Assert.Equal(Instant.Beginning, log.ReservedInstant);
            log.ReserveInstant(new Instant(500));
            log.ReserveInstant(new Instant(400));
        }
        await using FasterTransactionLog reopened = FasterTransactionLog.Open(_directory.Path);
        Assert.Equal(new Instant(500), reopened.ReservedInstant);
    }

    [Fact]
    public async Task Any_revision_can_be_read_from_while_others_are_written_and_after_reopening()
    {
        Random random = new(2);
        List<LogTransaction> written = [];
        for (int life = 0; life < 3; life++)
        {
            await using FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path);
            Assert.Equal(written.Count, log.Replayed().Count);
            for (int i = 0; i < 60; i++)
            {
                LogTransaction transaction = Transactions.Random(random, (ulong)written.Count + 1, textLength: 40_000);
                written.Add(transaction);
                await log.AppendDurablyAsync(transaction);
                int first = random.Next(1, written.Count + 2);
                Assert.Equal(Transactions.Texts(written.Skip(first - 1)), Transactions.Texts(log.ReadFrom(new Revision((ulong)first))));
            }
            Assert.Equal(new Revision(1), log.Oldest);
        }
    }

    [Fact]
    public async Task A_directory_in_use_is_refused()
    {
        await using FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path);
        StoreFailedException refusal = Assert.Throws<StoreFailedException>(() => FasterTransactionLog.Open(_directory.Path));
        Assert.Contains("in use", refusal.Message);
    }

    [Fact]
    public async Task A_directory_that_was_closed_can_be_opened_again_at_once()
    {
        for (int i = 0; i < 5; i++) await FasterTransactionLog.Open(_directory.Path).DisposeAsync();
    }
}
