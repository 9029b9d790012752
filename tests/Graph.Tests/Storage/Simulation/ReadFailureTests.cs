using AuthzGraph.Graph.Storage;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>Reads of the log that fail although the bytes are there: nothing is lost by it, and nothing is left out.</summary>
public sealed class ReadFailureTests
{
    private const int Seed = 17;
    private const int Count = 240;

    [Fact]
    public async Task Whichever_read_of_the_log_fails_at_the_start_the_store_opens_whole_or_not_at_all()
    {
        SimulatedDisk disk = new(new Random(Seed));
        List<LogTransaction> appended = await FillAsync(disk);
        int refused = 0;
        for (int read = 0; refused == read; read++)
        {
            SimulatedDisk failing = disk.LosePower();
            failing.FailRead(read);
            try
            {
                await using FasterTransactionLog log = SimulatedStore.Open(failing);
                Assert.Equal(Transactions.Texts(appended), Transactions.Texts(log.Replayed()));
            }
            catch (StoreFailedException refusal)
            {
                refused++;
                Assert.Contains("read", refusal.Message);
            }
            failing.FailRead(-1);
            await using FasterTransactionLog again = SimulatedStore.Open(failing);
            Assert.Equal(Transactions.Texts(appended), Transactions.Texts(again.Replayed()));
        }
        Assert.True(refused > 10, $"only {refused} reads were needed");
    }

    [Fact]
    public async Task Whichever_read_fails_while_the_log_is_told_what_was_told_is_right_and_the_next_reader_hears_all()
    {
        SimulatedDisk disk = new(new Random(Seed));
        List<LogTransaction> appended = await FillAsync(disk);
        await using FasterTransactionLog log = SimulatedStore.Open(disk);
        log.Replay(_ => { });
        int failed = 0;
        for (int read = 0; failed == read; read++)
        {
            disk.FailRead(read);
            List<LogTransaction> told = [];
            try
            {
                foreach (LogTransaction transaction in log.ReadFrom(appended[5].Revision)) told.Add(transaction);
            }
            catch (StoreFailedException failure)
            {
                failed++;
                Assert.Contains("the log can't be read at address", failure.Message);
            }
            disk.FailRead(-1);
            Assert.Equal(Transactions.Texts(appended.Skip(5).Take(told.Count)), Transactions.Texts(told));
            Assert.Equal(Transactions.Texts(appended.Skip(5)), Transactions.Texts(log.ReadFrom(appended[5].Revision)));
        }
        Assert.True(failed > 3, $"only {failed} reads were needed");
        Assert.Null(log.Failure);
    }

    private static async Task<List<LogTransaction>> FillAsync(SimulatedDisk disk)
    {
        Random random = new(Seed);
        List<LogTransaction> appended = [];
        await using FasterTransactionLog log = SimulatedStore.Open(disk);
        for (ulong i = 1; i <= Count; i++)
        {
            appended.Add(Transactions.Related(random, i));
            await log.AppendDurablyAsync(appended[^1]);
        }
        return appended;
    }
}
