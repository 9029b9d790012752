using AuthzGraph.Model;
using static AuthzGraph.Graph.Tests.Delegating.Office;

namespace AuthzGraph.Graph.Tests.Delegating;

/// <summary>Calls at the same time: whatever comes first, no rule is passed by.</summary>
public sealed class DelegationRaceTests
{
    [Fact]
    public async Task Of_many_who_take_one_id_one_gets_it()
    {
        await using Office office = await WithChainAsync();
        DelegateRequest request = Hop("wanted", "user:ann", "agent:planner", "view folder:f") with { Task = Object("task:t") };
        bool[] accepted = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => Succeeds(office.Delegate(request)))));
        Assert.Single(accepted, true);
    }

    [Theory]
    [InlineData("revoke", "REVOKED")]
    [InlineData("close", "TASK_INACTIVE")]
    [InlineData("suspend", "PRINCIPAL_SUSPENDED")]
    public async Task Nothing_is_lent_by_what_was_taken_back_before(string how, string code)
    {
        await using Office office = await WithChainAsync();
        using var stop = new CancellationTokenSource();
        Task<(List<ulong> Accepted, List<string> Refused)>[] lenders = [.. Enumerable.Range(0, 4).Select(i => Task.Run(() => LendAsync(office, i, stop.Token)))];
        await Task.Delay(30);
        WriteReceipt end = await TakeBackAsync(office, how);
        await Task.Delay(30);
        await stop.CancelAsync();
        (List<ulong> Accepted, List<string> Refused)[] all = await Task.WhenAll(lenders);
        Assert.All(all.SelectMany(lender => lender.Accepted), revision => Assert.True(revision < end.Revision.Value, $"revision {revision} came after {end.Revision}"));
        Assert.NotEmpty(all.SelectMany(lender => lender.Accepted));
        Assert.Equal([code], all.SelectMany(lender => lender.Refused).Distinct());
    }

    [Fact]
    public async Task A_task_is_not_opened_under_one_that_is_being_closed()
    {
        await using Office office = await OpenAsync();
        for (int round = 0; round < 20; round++)
        {
            ObjectRef parent = (await office.Graph.Delegations.OpenTaskAsync(new OpenTaskRequest { By = By("user:ann"), Parent = Object("task:t") })).Task;
            Task<WriteReceipt> closing = Task.Run(async () => await office.Graph.Delegations.CloseTaskAsync(new CloseTaskRequest { By = By("user:ann"), Task = parent }));
            TaskReceipt? child = null;
            try
            {
                child = await office.Graph.Delegations.OpenTaskAsync(new OpenTaskRequest { By = By("user:ann"), Parent = parent });
            }
            catch (RejectionException refusal)
            {
                Assert.Equal("TASK_INACTIVE", refusal.Reason);
            }
            WriteReceipt closed = await closing;
            Assert.True(child is null || child.Value.Written.Revision < closed.Revision);
        }
    }

    private static async Task<bool> Succeeds(ValueTask<DelegationReceipt> call)
    {
        try
        {
            await call;
            return true;
        }
        catch (RejectionException refusal)
        {
            Assert.Equal("ID_IN_USE", refusal.Reason);
            return false;
        }
    }

    private static async Task<(List<ulong>, List<string>)> LendAsync(Office office, int lender, CancellationToken stop)
    {
        List<ulong> accepted = [];
        List<string> refused = [];
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                accepted.Add((await office.Delegate(Hop($"r{lender}-{i}", "agent:planner", "agent:buyer", "view folder:f", "grant:g1"))).Written.Revision.Value);
            }
            catch (RejectionException refusal)
            {
                refused.Add(refusal.Reason);
            }
        }
        return (accepted, refused);
    }

    private static async Task<WriteReceipt> TakeBackAsync(Office office, string how) => how switch
    {
        "revoke" => await office.Graph.Delegations.RevokeAsync(new RevokeRequest { By = By("user:ann"), Delegation = Object("grant:g1") }),
        "close" => await office.Graph.Delegations.CloseTaskAsync(new CloseTaskRequest { By = By("user:ann"), Task = Object("task:t") }),
        _ => await office.Graph.Delegations.SuspendAsync(new SuspendRequest { By = By("user:ben", Standing.Administrator), Principal = Object("agent:buyer") }),
    };
}
