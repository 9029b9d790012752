using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Delegating;

/// <summary>A small office in which people lend agents what they may do, asked in text: <c>view document:d</c>.</summary>
internal sealed class Office : IAsyncDisposable
{
    public const string Schema = """
        use expiration
        use delegation
        caveat at_work(hour int) { hour < 17 }
        caveat never(hour int) { hour < 0 }
        definition user { principal human; relation suspended_by: user }
        definition cron { principal service }
        definition team { relation member: user }
        definition fleet { relation suspended_by: user }
        definition agent {
            principal agent
            within fleet
            relation fleet: fleet
            relation sponsor: user | team#member
            relation suspended_by: user | user with expiration
        }
        definition task {
            task
            relation opened_by: user with expiration | cron with expiration | agent with expiration
            relation closed_by: user | agent
            relation parent: task
        }
        definition grant {
            delegation
            relation delegator: user | cron | agent
            relation delegate: agent with expiration | agent with at_work and expiration
            relation parent: grant
            relation task: task
            relation onward: agent | agent:*
            relation approver: user
            relation revoked_by: user | agent
            relation view: folder | document | document:* | folder with at_work | document with never
            relation edit: document | folder
            relation pay: document
            relation share: document
        }
        definition folder {
            within parent
            relation parent: folder
            relation viewer: user | cron
            permission view = viewer + parent->view
            delegable view
        }
        definition document {
            within folder
            relation folder: folder
            relation owner: user
            relation controller: user
            permission view = owner + folder->view
            permission edit = owner
            permission pay = owner
            permission share = owner
            permission approve = controller
            delegable view
            delegable edit max hops 2 max ttl 1h
            delegable pay max ttl 10m approval approve
        }
        """;

    public const string Facts = """
        user:root#suspended_by@user:root
        agent:planner#sponsor@user:ann
        agent:buyer#sponsor@user:ben
        agent:third#sponsor@team:ops#member
        agent:fourth#sponsor@user:ann
        team:ops#member@user:ola
        agent:lost#sponsor@user:root
        agent:halted#sponsor@user:ann
        agent:halted#suspended_by@user:ben
        agent:planner#fleet@fleet:north
        document:d#owner@user:ann
        document:d#controller@user:cora
        document:d#folder@folder:f
        document:other#owner@user:ann
        folder:f#viewer@user:ann
        folder:f#viewer@cron:nightly
        folder:f#parent@folder:top
        task:t#opened_by@user:ann[from:2026-01-01T00:00:00Z][expiration:2026-12-31T00:00:00Z]
        task:closed#opened_by@user:ann[from:2026-01-01T00:00:00Z][expiration:2026-12-31T00:00:00Z]
        task:closed#closed_by@user:ann
        """;

    private Office(Scenario scenario, FakeTime time) => (Scenario, Time) = (scenario, time);

    public Scenario Scenario { get; }
    public FakeTime Time { get; }
    public AuthorizationGraph Graph => Scenario.Graph;

    public static async Task<Office> OpenAsync(string facts = "")
    {
        var time = new FakeTime("2026-06-01T00:00:00Z");
        return new Office(await Scenario.Of(Schema, $"{Facts}\n{facts}", time), time);
    }

    /// <summary>With a chain of two hops: ann lends planner grant:g1, planner lends buyer grant:g2, in task:t.</summary>
    public static async Task<Office> WithChainAsync(string lends = "view folder:f, edit document:d", string facts = "")
    {
        Office office = await OpenAsync(facts);
        await office.Delegate(Hop("g1", "user:ann", "agent:planner", lends) with { Task = Object("task:t"), Onward = [Object("agent:*")] });
        await office.Delegate(Hop("g2", "agent:planner", "agent:buyer", lends, "grant:g1") with { Onward = [Object("agent:*")] });
        return office;
    }

    public ValueTask<DelegationReceipt> Delegate(DelegateRequest request) => Graph.Delegations.DelegateAsync(request);

    /// <summary>The reason of the refusal, and what it is about.</summary>
    public static async Task<(string Reason, string About)> Refused<T>(ValueTask<T> call)
    {
        var refusal = await Assert.ThrowsAsync<RejectionException>(async () => await call);
        return (refusal.Reason, refusal.Metadata.GetValueOrDefault("object", ""));
    }

    public Answer Check(string question, string delegation) => Scenario.Ask(question, Scenario.By(delegation));

    public static DelegateRequest Hop(string? id, string from, string to, string lends, string? parent = null) => new()
    {
        By = By(from),
        Id = id,
        Delegate = Object(to),
        Parent = parent is null ? null : Object(parent),
        Lends = Lends(lends),
        Term = parent is null ? new Term(Lasting: TimeSpan.FromMinutes(10)) : default,
    };

    public static Deed By(string who, Standing standing = Standing.Party) => new() { As = Object(who), Standing = standing };

    public static ImmutableArray<Lending> Lends(string text) => [.. text.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(Lent)];

    public static ObjectRef Object(string text) => ObjectRef.Parse(text);

    private static Lending Lent(string text) => text.Split(' ') switch
    {
        [var permission, var resource] => new Lending(permission, Object(resource)),
        [var permission, var resource, var caveat] => new Lending(permission, Object(resource), new CaveatRef(caveat)),
        _ => throw new FormatException(text),
    };

    public ValueTask DisposeAsync() => Scenario.DisposeAsync();
}
