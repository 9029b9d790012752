using AuthzGraph.Graph.Tests.Retention;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

public sealed class CrashTests(ITestOutputHelper output)
{
    /// <summary>Another one each day; a failure prints the history's own, which is what to run again.</summary>
    private static readonly int FirstSeed = Seed.Asked ?? (int)(TimeProvider.System.GetUtcNow().Ticks / TimeSpan.TicksPerDay % 10_000) * 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public Task After_any_loss_of_power_the_log_is_an_exact_prefix_with_everything_acknowledged() => RunAsync(Histories(2_000), withFailures: false);

    [Fact]
    public Task After_any_failed_write_nothing_acknowledged_is_lost_and_nobody_waits_for_ever() => RunAsync(Histories(1_000), withFailures: true);

    [Fact]
    public async Task After_anything_checkpoint_and_log_add_up_to_everything_acknowledged()
    {
        (int crashes, int torn, int failures, int started, int older, int truncated, int refused) = (0, 0, 0, 0, 0, 0, 0);
        int histories = Histories(1_000);
        for (int i = 0; i < histories; i++)
        {
            int seed = FirstSeed + i;
            CheckpointHistory history = new(seed);
            try
            {
                await Task.Run(history.RunAsync).WaitAsync(Patience);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"history with seed {seed}: {e.Message}", e);
            }
            (crashes, torn, failures) = (crashes + history.Lives.Crashes, torn + history.Lives.Torn, failures + history.Lives.Failures);
            (started, older, truncated, refused) =
                (started + history.FromCheckpoint, older + history.FromOlder, truncated + history.Truncated, refused + history.Refused);
        }
        output.WriteLine($"seeds {FirstSeed}…{FirstSeed + histories - 1}: {crashes} crashes, {torn} pieces torn, {failures} failing lives, "
            + $"{started} starts from a checkpoint, {older} from an older one or none, {truncated} with a truncated log, {refused} refused");
        Assert.True(torn > 0 && failures > 0 && started > 0 && older > 0 && truncated > 0 && refused > 0, "something never happened: this test tests less than it says");
    }

    [Fact]
    public async Task After_anything_the_graph_shows_and_tells_what_was_acknowledged_now_and_in_the_past()
    {
        (int crashes, int dropped, int failures, int past, int behind, int old, int fromZero) = (0, 0, 0, 0, 0, 0, 0);
        int histories = Histories(150);
        NumberCounts numbers = new();
        for (int i = 0; i < histories; i++)
        {
            int seed = FirstSeed + i;
            numbers.Forget();
            GraphHistory history = new(seed) { Numbers = numbers };
            try
            {
                await Task.Run(history.RunAsync).WaitAsync(Patience);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"history with seed {seed}: {e.Message}", e);
            }
            (crashes, dropped, failures) = (crashes + history.Crashes, dropped + history.Dropped, failures + history.Failures);
            (past, behind, old, fromZero) = (past + history.PastRead, behind + history.BehindCheckpoint, old + history.TooOld, fromZero + history.FromZero);
        }
        output.WriteLine($"seeds {FirstSeed}…{FirstSeed + histories - 1}: {crashes} crashes, {dropped} transactions dropped, {failures} failing lives, {past} past revisions "
            + $"compared, {old} too old, {behind} starts with history behind a checkpoint, {fromZero} compared with replay from zero; {numbers}");
        Assert.True(numbers is { Names: > 0, Caveats: > 0, MovedFromTaken: > 0 }, "no number was given out again: this test tests less than it says");
        Assert.True(dropped > 0 && failures > 0 && past > 0 && behind > 0 && old > 0 && fromZero > 0, "something never happened: this test tests less than it says");
    }

    /// <summary>How many histories to run: what CI has time for, times what the environment asks for.</summary>
    private static int Histories(int inCi) =>
        inCi * (Environment.GetEnvironmentVariable("AUTHZGRAPH_CRASHES") is { } times ? int.Parse(times) : 1);

    private async Task RunAsync(int histories, bool withFailures)
    {
        (int crashes, int torn, int dropped, int transactions, int failures) = (0, 0, 0, 0, 0);
        for (int i = 0; i < histories; i++)
        {
            int seed = FirstSeed + i;
            History history = new(seed);
            try
            {
                await Task.Run(() => history.RunAsync(withFailures)).WaitAsync(Patience);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"history with seed {seed}: {e.Message}", e);
            }
            crashes += history.Lives.Crashes;
            torn += history.Lives.Torn;
            dropped += history.Lives.Dropped;
            transactions += history.Transactions;
            failures += history.Lives.Failures;
        }
        output.WriteLine($"seeds {FirstSeed}…{FirstSeed + histories - 1}: {crashes} crashes, {torn} sectors torn, "
            + $"{transactions} transactions, {dropped} dropped, {failures} failing lives");
        Assert.True(torn > 0 && dropped > 0, "the disk never tore anything: this test tests nothing");
        Assert.Equal(withFailures, failures > 0);
    }
}
