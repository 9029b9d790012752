using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Concurrency;

/// <summary>First that the checker can fail, then that many clients at once leave histories that it finds nothing wrong with.</summary>
public sealed class LinearizabilityTests(ITestOutputHelper output)
{
    private const int Histories = 120;

    private static Operation.Write Touch(int client, long called, long returned, int tuple) =>
        new Operation.Write(client, called, returned, 1UL << tuple, 0, -1, false, true);

    private static Operation.Check Check(int client, long called, long returned, int tuple, bool permitted) =>
        new Operation.Check(client, called, returned, tuple, permitted);

    [Fact]
    public void A_write_seen_after_it_was_acknowledged_is_right() =>
        Assert.True(Linearizability.Holds([Touch(0, 1, 2, 0), Check(1, 3, 4, 0, true)]));

    [Fact]
    public void A_write_missed_after_it_was_acknowledged_is_wrong() =>
        Assert.False(Linearizability.Holds([Touch(0, 1, 2, 0), Check(1, 3, 4, 0, false)]));

    [Fact]
    public void While_a_write_is_on_its_way_it_may_be_seen_or_not_but_not_seen_and_then_missed()
    {
        Assert.True(Linearizability.Holds([Touch(0, 1, 9, 0), Check(1, 2, 3, 0, false), Check(1, 4, 5, 0, true)]));
        Assert.False(Linearizability.Holds([Touch(0, 1, 9, 0), Check(1, 2, 3, 0, true), Check(1, 4, 5, 0, false)]));
    }

    [Fact]
    public void Half_a_transaction_is_wrong()
    {
        Operation.Write both = new Operation.Write(0, 1, 9, 0b11, 0, -1, false, true);
        Assert.False(Linearizability.Holds([both, new Operation.Read(1, 2, 3, 0b01)]));
        Assert.True(Linearizability.Holds([both, new Operation.Read(1, 2, 3, 0b11)]));
    }

    [Fact]
    public void Two_writes_that_both_found_the_tuple_absent_are_wrong()
    {
        Operation.Write first = new(0, 1, 9, 1, 0, 0, false, true);
        Operation.Write second = first with { Client = 1 };
        Assert.False(Linearizability.Holds([first, second]));
        Assert.True(Linearizability.Holds([first, second with { Succeeded = false }]));
    }

    [Fact]
    public void A_write_in_doubt_may_have_happened_or_not_but_not_before_it_was_called()
    {
        Operation.Write doubtful = Touch(0, 5, Operation.Never, 0);
        Assert.True(Linearizability.Holds([doubtful, Check(1, 6, 7, 0, true)]));
        Assert.True(Linearizability.Holds([doubtful, Check(1, 6, 7, 0, false), Check(1, 8, 9, 0, true)]));
        Assert.False(Linearizability.Holds([doubtful, Check(1, 1, 2, 0, true)]));
    }

    [Fact]
    public async Task Histories_of_many_clients_are_linearizable()
    {
        int forged = 0, noticed = 0;
        for (int seed = 1; seed <= Histories; seed++)
        {
            List<Operation> history = await Clients.RunAsync(seed);
            Assert.True(Linearizability.Holds(history), $"seed {seed}:\n{string.Join('\n', history.OrderBy(o => o.Called))}");
            if (Forge(history, new Random(seed)) is not { } wrong) continue;
            forged++;
            if (!Linearizability.Holds(wrong)) noticed++;
        }
        output.WriteLine($"{Histories} histories; one answer turned round in {forged} of them, noticed in {noticed}");
        Assert.True(noticed > forged / 2, $"only {noticed} of {forged} forged histories were noticed");
    }

    /// <summary>The history with one check's answer turned round; a check that raced a write of its tuple may not be noticed.</summary>
    private static List<Operation>? Forge(List<Operation> history, Random random)
    {
        List<int> checks = [.. Enumerable.Range(0, history.Count).Where(i => history[i] is Operation.Check)];
        if (checks.Count == 0) return null;
        int forged = checks[random.Next(checks.Count)];
        return [.. history.Select((o, i) => i == forged && o is Operation.Check check ? check with { Permitted = !check.Permitted } : o)];
    }
}
