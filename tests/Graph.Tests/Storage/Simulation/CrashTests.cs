using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

public sealed class CrashTests(ITestOutputHelper output)
{
    /// <summary>Another one each day; a failure prints the history's own, which is what to run again.</summary>
    private static readonly int FirstSeed = Environment.GetEnvironmentVariable("AUTHZGRAPH_SEED") is { } text
        ? int.Parse(text)
        : (int)(TimeProvider.System.GetUtcNow().Ticks / TimeSpan.TicksPerDay % 10_000) * 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public Task After_any_loss_of_power_the_log_is_an_exact_prefix_with_everything_acknowledged() => RunAsync(2_000, withFailures: false);

    [Fact]
    public Task After_any_failed_write_nothing_acknowledged_is_lost_and_nobody_waits_for_ever() => RunAsync(1_000, withFailures: true);

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
            crashes += history.Crashes;
            torn += history.TornSectors;
            dropped += history.Dropped;
            transactions += history.Transactions;
            failures += history.Failures;
        }
        output.WriteLine($"seeds {FirstSeed}…{FirstSeed + histories - 1}: {crashes} crashes, {torn} sectors torn, "
            + $"{transactions} transactions, {dropped} dropped, {failures} failing lives");
        Assert.True(torn > 0 && dropped > 0, "the disk never tore anything: this test tests nothing");
        Assert.Equal(withFailures, failures > 0);
    }
}
