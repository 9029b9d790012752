using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>Numbers of names and caveats are given out again all the time, and nobody ever sees another name by them.</summary>
public sealed class ReuseTests(ITestOutputHelper output)
{
    private readonly NumberCounts _numbers = new();

    [Theory]
    [InlineData(null)]
    [InlineData(2006)]      // a tuple that was reclaimed is written anew, and its old caveat leaves its number to another
    public async Task Whoever_a_number_was_given_to_before_everything_shows_and_tells_the_right_names(int? once)
    {
        int seed = once ?? Seed.Any();
        int histories = 3 * (Environment.GetEnvironmentVariable("AUTHZGRAPH_CRASHES") is { } times ? int.Parse(times) : 1);
        output.WriteLine($"seeds {seed}…{seed + histories - 1}");
        (int resumed, int restored, int backedUp, int imports) = (0, 0, 0, 0);
        for (int i = 0; i < histories; i++)
        {
            _numbers.Forget();
            using Weeks weeks = new(seed + i, _numbers, isCalm: once is not null);
            try
            {
                await weeks.RunAsync();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"weeks with seed {seed + i}: {e.Message}", e);
            }
            (resumed, restored, backedUp, imports) = (resumed + weeks.Resumed, restored + weeks.Restored, backedUp + weeks.BackedUp, imports + weeks.ImportsResumed);
        }
        output.WriteLine($"{_numbers}; {resumed} streams read on, {restored} restored, {backedUp} backed up, {imports} imports resumed");
        Assert.True(_numbers is { Names: > 20, Caveats: > 5, MovedFromTaken: > 5 } && resumed > 0 && restored > 0 && (once is not null || backedUp > 0), $"{_numbers}: this test tests less than it says");
    }
}
