using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests;

public sealed class AuthorityTests
{
    private const string Schema = """
        use expiration
        use delegation
        definition user { principal human; relation suspended_by: user }
        definition agent { principal agent; relation sponsor: user }
        definition task {
            task
            relation opened_by: user with expiration | agent with expiration
            relation closed_by: user
            relation parent: task
            relation note: user
        }
        definition grant {
            delegation
            relation delegator: user | agent
            relation delegate: agent with expiration
            relation parent: grant
            relation task: task
            relation approver: user
            relation revoked_by: user
            relation view: document with expiration
        }
        definition document { relation viewer: user; permission view = viewer; delegable view }
        """;

    private const string Opened = "task:t1#opened_by@user:ann[from:2026-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]";

    private const string Hop = """
        grant:g1#delegator@user:ann
        grant:g1#delegate@agent:bot[from:2026-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]
        grant:g1#task@task:t1
        grant:g1#view@document:d[from:2026-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]
        """;

    [Theory]
    [InlineData("grant:g2#delegator@user:ann")]
    [InlineData("grant:g2#view@document:d[expiration:2999-01-01T00:00:00Z]")]
    [InlineData("grant:g2#delegator@user:ann\ngrant:g2#delegate@agent:bot[expiration:2999-01-01T00:00:00Z]")]
    [InlineData("grant:g2#delegator@user:ann\ngrant:g2#delegator@user:bob\ngrant:g2#delegate@agent:bot[expiration:2999-01-01T00:00:00Z]\ngrant:g2#task@task:t1")]
    [InlineData("grant:g1#delegator@user:bob")]
    [InlineData("grant:g1#delegate@agent:other[expiration:2999-01-01T00:00:00Z]")]
    [InlineData("grant:g1#parent@grant:g0")]
    [InlineData("grant:g1#view@document:more[expiration:2999-01-01T00:00:00Z]")]
    [InlineData("grant:g1#delegate@agent:bot[from:2026-01-01T00:00:00Z][expiration:2999-01-02T00:00:00Z]")]
    [InlineData("grant:g1#delegate@agent:bot[from:2025-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]")]
    [InlineData("task:t1#parent@task:t0")]
    [InlineData("task:t1#opened_by@user:bob[expiration:2999-01-01T00:00:00Z]")]
    [InlineData("task:t2#closed_by@user:ann")]
    [InlineData("task:t3#opened_by@agent:bot[expiration:2999-01-01T00:00:00Z]")]
    [InlineData("task:t3#opened_by@user:bob[expiration:2999-01-01T00:00:00Z]\ntask:t3#parent@task:t1")]
    public async Task Authority_is_not_forged_by_tuples(string tuples)
    {
        await using Scenario graph = await Scenario.Of(Schema, Opened + "\n" + Hop);
        var refused = await Assert.ThrowsAsync<RejectionException>(async () => await graph.Touch(tuples));
        Assert.Equal("AUTHORITY_RULE", refused.Reason);
    }

    [Theory]
    [InlineData("grant:g1#delegator@user:ann")]
    [InlineData("grant:g1#revoked_by@user:ann")]
    [InlineData("task:t1#opened_by@user:ann")]
    [InlineData("task:t1#closed_by@user:ann")]
    public async Task Authority_is_not_deleted(string tuple)
    {
        await using Scenario graph = await Scenario.Of(Schema, Opened + "\n" + Hop);
        await graph.Touch("grant:g1#revoked_by@user:ann\ntask:t1#closed_by@user:ann");
        var refused = await Assert.ThrowsAsync<RejectionException>(async () => await graph.Delete(tuple));
        Assert.Equal("AUTHORITY_RULE", refused.Reason);
    }

    [Theory]
    [InlineData("grant:g1#approver@user:ann")]
    [InlineData("grant:g1#revoked_by@user:ann")]
    [InlineData("grant:g1#delegate@agent:bot[expiration:2998-01-01T00:00:00Z]")]
    [InlineData("grant:g1#view@document:d[expiration:2998-01-01T00:00:00Z]")]
    [InlineData("task:t1#opened_by@user:ann[expiration:2998-01-01T00:00:00Z]")]
    [InlineData("task:t1#closed_by@user:ann")]
    [InlineData("task:t1#note@user:ann")]
    [InlineData("task:t3#opened_by@user:ann[expiration:2999-01-01T00:00:00Z]\ntask:t3#parent@task:t1")]
    [InlineData("task:t3#opened_by@agent:bot[expiration:2999-01-01T00:00:00Z]\ntask:t3#parent@task:t1")]
    [InlineData("user:ann#suspended_by@user:bob")]
    public async Task What_the_rules_allow_is_written(string tuples)
    {
        await using Scenario graph = await Scenario.Of(Schema, Opened + "\n" + Hop);
        Revision before = graph.Graph.Snapshot().Revision;
        Assert.Equal(before.Next, (await graph.Touch(tuples)).Revision);
    }

    [Theory]
    [InlineData("grant:g1#revoked_by@user:ann")]
    [InlineData("task:t1#note@user:ann")]
    [InlineData("user:ann#suspended_by@user:bob")]
    public async Task Without_the_authority_right_nothing_of_it_is_written(string tuple)
    {
        await using Scenario graph = await Scenario.Of(Schema, Opened + "\n" + Hop);
        var request = new WriteRequest { Updates = [new TupleUpdate(UpdateKind.Touch, RelationTuple.Parse(tuple))] };
        var refused = await Assert.ThrowsAsync<RejectionException>(async () => await graph.Graph.WriteAsync(request));
        Assert.Equal((RejectionCode.PermissionDenied, "AUTHORITY_REQUIRED"), (refused.Code, refused.Reason));
    }

    [Fact]
    public async Task A_suspension_may_be_lifted()
    {
        await using Scenario graph = await Scenario.Of(Schema, "user:ann#suspended_by@user:bob");
        await graph.Delete("user:ann#suspended_by@user:bob");
        Assert.Equal(new Revision(3), graph.Graph.Snapshot().Revision);
    }

    [Fact]
    public async Task Delegation_can_not_be_turned_off_under_what_relies_on_it()
    {
        await using Scenario graph = await Scenario.Of(Schema, Opened + "\n" + Hop);
        const string Plain = """
            use expiration
            definition user { relation suspended_by: user }
            definition agent { relation sponsor: user }
            definition task { relation opened_by: user with expiration | agent with expiration relation closed_by: user relation parent: task relation note: user }
            definition grant {
                relation delegator: user | agent
                relation delegate: agent with expiration
                relation parent: grant
                relation task: task
                relation approver: user
                relation revoked_by: user
                relation view: document with expiration
            }
            definition document { relation viewer: user
                permission view = viewer }
            """;
        var refused = await Assert.ThrowsAsync<RejectionException>(async () => await graph.Graph.WriteSchemaAsync(Plain.Replace(" relation", "\nrelation")));
        Assert.Equal("SCHEMA_BREAKS_DATA", refused.Reason);
        Assert.Contains("role", refused.Message);
    }

    [Theory]
    [InlineData("principal service", "principal human")]
    [InlineData("principal service", "")]
    public async Task A_role_can_not_be_changed_or_taken_from_under_a_suspension(string role, string replacement)
    {
        const string Robot = "\ndefinition robot { principal service\nrelation suspended_by: user }";
        await using Scenario graph = await Scenario.Of(Schema + Robot, "robot:r#suspended_by@user:ann");
        var refused = await Assert.ThrowsAsync<RejectionException>(async () => await graph.Graph.WriteSchemaAsync(Schema + Robot.Replace(role, replacement)));
        Assert.Equal("SCHEMA_BREAKS_DATA", refused.Reason);
        Assert.Contains("the role of `robot`", refused.Message);
        Assert.Contains("robot:r#suspended_by@user:ann", refused.Message);

        await graph.Delete("robot:r#suspended_by@user:ann");
        await graph.Graph.WriteSchemaAsync(Schema + Robot.Replace(role, replacement));
    }
}
