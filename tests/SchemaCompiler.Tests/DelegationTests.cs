namespace AuthzGraph.SchemaCompiler.Tests;

public class DelegationTests
{
    [Fact]
    public void The_design_s_example_compiles_without_a_word()
    {
        Compilation compilation = Compilation.Of(Samples.Delegation);

        Assert.Empty(compilation.Diagnostics);
        Assert.NotNull(compilation.Schema);
        Assert.Equal("""
            use delegation
            0 user principal Human suspended_by suspended_by
              suspended_by: user
            1 team
              member: user | team#member
            2 agent principal Agent sponsor=sponsor suspended_by suspended_by
              sponsor: user | team#member
              suspended_by: user
            3 task task opened_by opened_by closed_by=closed_by parent=parent
              opened_by: user expires | agent expires
              closed_by: user | agent
              parent: task
            4 grant delegation delegator delegate parent=parent task=task onward=onward approver=approver revoked_by=revoked_by lends delete=delete,edit=edit,view=view
              delegator: user | agent
              delegate: agent expires
              parent: grant
              task: task
              onward: agent | agent:*
              approver: user
              revoked_by: user | agent
              view: folder | document | document:*
              edit: document
              delete: document
            5 folder domain Data within parent
              parent: folder
              viewer: user | team#member
              view = (viewer + parent.Any(view)[folder>folder.view]) delegable
            6 document domain Data within folder
              folder: folder
              owner: user
              editor: user | team#member
              banned: user
              view = ((editor + owner + folder.Any(view)[folder>folder.view]) - banned) delegable
              edit = ((editor + owner) - banned) delegable hops 2 ttl 3600s
              delete = owner delegable hops 1 ttl 600s approval owner
              share = owner

            """, SchemaText.Of(compilation.Schema));
    }

    /// <summary>Definitions to build on: humans, a team of them, agents, services, tasks.</summary>
    private const string Cast = """
        use expiration
        use delegation
        definition user { principal human }
        definition team { relation member: user }
        definition agent { principal agent; relation sponsor: user }
        definition service { principal service }
        definition task { task; relation opened_by: user }

        """;

    [Theory]
    [InlineData("AZ0401", "definition file { task; [task]; [delegation]; [principal] human; relation opened_by: user }")]
    [InlineData("AZ0402", "definition file { principal [robot] }")]
    [InlineData("AZ0403", "definition file { domain [dat] }")]
    [InlineData("AZ0404", "definition file { domain data; [domain] ai }")]
    [InlineData("AZ0405", "definition bot { [principal] agent }")]
    [InlineData("AZ0405", "definition job { [task] }")]
    [InlineData("AZ0405", "definition hop { [delegation]; relation delegator: user }")]
    [InlineData("AZ0405", "definition hop { [delegation]; relation delegate: agent }")]
    [InlineData("AZ0406", "definition job { task; relation opened_by: user; permission [closed_by] = opened_by }")]
    [InlineData("AZ0406", "definition fleet { permission [suspended_by] = nil }\ndefinition bot { principal service; within fleet; relation fleet: fleet }")]
    public void A_definition_has_one_role_and_what_it_needs(string code, string marked) => Marked.Says(code, Cast + marked);

    [Theory]
    [InlineData("AZ0407", "definition bot { principal agent; relation sponsor: user | [agent] | [service]; relation suspended_by: user | [team] }")]
    [InlineData("AZ0407", "definition job { task; relation opened_by: user | [team]; relation closed_by: agent | service | [task]; relation parent: job | task | [user] }")]
    [InlineData("AZ0407", "definition hop { delegation; relation delegator: user | agent | service | [task]; relation delegate: agent | [user]; " +
        "relation parent: hop | [task]; relation task: task | [hop]; relation onward: agent | [user] | [service:*]; relation approver: user | [team]; relation revoked_by: user | [team] }")]
    [InlineData("AZ0407", "definition fleet { relation suspended_by: user | [team] }\ndefinition bot { principal service; within fleet; relation fleet: fleet }")]
    [InlineData("AZ0408", "definition bot { principal agent; relation sponsor: user | team#member | [user:*]; relation suspended_by: user | [team#member] | [user:*] }")]
    [InlineData("AZ0408", "definition hop { delegation; relation delegator: user | [user:*] | [team#member]; relation delegate: agent | [agent:*]; " +
        "relation onward: agent | agent:* | [task#opened_by]; relation approver: user | [team#member]; relation revoked_by: user | [user:*] }")]
    [InlineData("AZ0408", "definition job { task; relation opened_by: user | [team#member]; relation closed_by: user | [user:*]; relation parent: task | [task:*] }")]
    [InlineData("AZ0408", "definition file { within parent; relation parent: file | [user:*] | [file#owner]; relation owner: user }")]
    [InlineData("AZ0409", "definition hop { delegation; relation delegator: [user with expiration]; relation delegate: agent with expiration; " +
        "relation parent: [hop with expiration]; relation task: [task with expiration]; relation revoked_by: user | [agent with expiration]; " +
        "relation approver: user with expiration; relation onward: agent:* with expiration }")]
    [InlineData("AZ0409", "definition job { task; relation opened_by: user with expiration; relation closed_by: [user with expiration]; relation parent: [job with expiration] }")]
    public void Relations_with_fixed_names_hold_what_their_role_allows(string code, string marked) => Marked.Says(code, Cast + marked);

    [Theory]
    [InlineData("AZ0104", "definition file { relation parent: file; within [*] }")]
    [InlineData("AZ0104", "definition file { relation owner: user; permission view = owner; delegable view [sometimes] }")]
    [InlineData("AZ0104", "definition file { relation owner: user; permission view = owner; delegable view max [ttls] 1 }")]
    [InlineData("AZ0202", "definition file { relation owner: user; permission view = owner; delegable view, [edit] approval [boss] }")]
    [InlineData("AZ0410", "definition file { relation parent: file; permission upper = parent; within parent, [upper] }")]
    [InlineData("AZ0412", "definition file { permission view = nil; delegable view max hops [0] max hops [1h] max hops [99999999999] max hops 3 }")]
    [InlineData("AZ0413", "definition file { permission view = nil; delegable view max ttl [10] max ttl [h] max ttl [0s] max ttl [5w] max ttl [36501d] max ttl 36500d }")]
    public void Clauses_name_what_exists_and_numbers_are_sane(string code, string marked) => Marked.Says(code, Cast + marked);

    [Theory]
    [InlineData("AZ0408", "relation view: [file#owner]")]
    [InlineData("AZ0411", "relation vieww: [file] | [folder] | [file:*]")]
    [InlineData("AZ0411", "relation edit: folder | file | [drive]")]
    [InlineData("AZ0411", "relation owner: [file]")]
    [InlineData("AZ0451", "relation purge: [file] | [folder]; relation view: folder; relation edit: folder")]
    public void A_hop_lends_permissions_that_exist_there_or_within(string code, string lent)
    {
        const string Files = """
            definition folder { within parent; relation parent: folder; permission view = nil; delegable view }
            definition file {
                within folder
                relation folder: folder
                relation owner: user
                relation reader: user
                permission view = owner + reader
                permission edit = owner
                permission purge = owner
                delegable view, edit, reader
            }
            definition drive { within file; relation file: file; permission view = nil }

            """;
        Marked.Says(code, $"{Cast}{Files}definition hop {{ delegation; relation delegator: user; relation delegate: agent; relation reader: folder:* | file\n{lent} }}");
    }

    [Theory]
    [InlineData("AZ0450", "definition file { relation viewer: user | [agent] | [agent:*] | agent:* with expiration | team#member; relation editor: agent with expiration }")]
    public void An_agent_without_expiration_is_a_standing_privilege(string code, string marked) => Marked.Says(code, Cast + marked);

    [Fact]
    public void Words_of_delegation_are_names_everywhere_but_first_in_a_member()
    {
        Compilation compilation = Compilation.Of(
            """
            use delegation
            definition within {
                relation task: within
                relation delegation: within
                relation max: within
                permission principal = task + delegation
                permission delegable = max->domain
                permission domain = nil
                permission autonomous = principal
                permission within = delegable
                within task, delegation
                delegable delegable, max, within max hops 2 approval max
                autonomous autonomous, principal
            }
            """);

        Assert.Empty(compilation.Diagnostics);
        Assert.Equal(
            """
            use delegation
            0 within within task,delegation
              task: within
              delegation: within
              max: within delegable hops 2 approval max
              principal = (task + delegation) autonomous
              delegable = max.Any(domain)[within>within.domain] delegable hops 2 approval max
              domain = nil
              autonomous = principal autonomous
              within = delegable delegable hops 2 approval max

            """, SchemaText.Of(Assert.IsType<CompiledSchema>(compilation.Schema)));
    }

    [Fact]
    public void Of_several_clauses_the_strictest_counts() => Assert.Equal(
        "view = owner delegable hops 2 ttl 5400s approval owner,boss",
        Member("file", "view",
            """
            definition file {
                relation owner: user
                relation boss: user
                permission view = owner
                delegable view max hops 3 max ttl 2h approval owner max hops 4
                delegable * max hops 2 max ttl 90m approval boss approval owner
                delegable view
            }
            """));

    [Fact]
    public void A_star_opens_permissions_and_a_name_opens_relations_too()
    {
        const string File = "definition file { relation owner: user; relation reader: user; permission view = owner; delegable *; delegable reader }";
        Assert.Equal("view = owner delegable", Member("file", "view", File));
        Assert.Equal("owner: user", Member("file", "owner", File));
        Assert.Equal("reader: user delegable", Member("file", "reader", File));
    }

    [Fact]
    public void A_fleet_of_principals_can_be_suspended_at_any_distance()
    {
        CompiledSchema schema = Compile(Cast +
            """
            definition region { relation suspended_by: user }
            definition fleet { within region; relation region: region }
            definition robot { principal service; within fleet; relation fleet: fleet; relation suspended_by: user }
            definition file { relation suspended_by: user }
            """);

        Assert.Equal(["region", "robot"], schema.Types.Where(t => t.SuspendedBy is not null).Select(t => t.Name));
    }

    [Fact]
    public void Without_use_delegation_nothing_of_it_is_there()
    {
        CompiledSchema schema = Compile("definition user { relation suspended_by: user; relation parent: user }");
        Assert.False(schema.UsesDelegation);
        Assert.All(schema.Types, t => Assert.True(t is { Role: Role.None, SuspendedBy: null, Within: [] }));
    }

    private static string Member(string type, string member, string text)
    {
        CompiledSchema schema = Compile(Cast + text);
        TypeId id = Assert.IsType<ObjectType>(schema.FindType(type)).Id;
        return SchemaText.Of(schema, Assert.IsType<Member>(schema.FindMember(id, member), exactMatch: false));
    }

    private static CompiledSchema Compile(string text)
    {
        Compilation compilation = Compilation.Of(text);
        Assert.Empty(compilation.Diagnostics);
        return Assert.IsType<CompiledSchema>(compilation.Schema);
    }
}
