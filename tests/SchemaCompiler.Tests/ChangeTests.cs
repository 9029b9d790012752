using static AuthzGraph.SchemaCompiler.Tests.ChangeLines;

namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>Two schemas in, one line for each change out: <c>-</c> does not widen authority, <c>?</c> may, <c>!</c> does.</summary>
public class ChangeTests
{
    private const string Plain = """
        use expiration
        definition user {}
        definition group { relation member: user }
        definition folder {
            relation viewer: user
            permission view = viewer
        }
        definition document {
            relation folder: folder
            relation owner: user
            relation editor: user with expiration
            relation viewer: user
            relation banned: user
            permission blocked = banned
            permission view = viewer + owner - blocked
            permission edit = editor & owner
        }
        """;

    private const string Agents = """
        use expiration
        use delegation
        definition user { principal human
            relation suspended_by: user }
        definition agent { principal agent
            relation sponsor: user
            relation suspended_by: user }
        definition task { task
            relation opened_by: user
            relation closed_by: user }
        definition grant {
            delegation
            relation delegator: user | agent
            relation delegate: agent with expiration
            relation task: task
            relation onward: agent
            relation revoked_by: user
            relation view: folder
        }
        definition folder {
            domain data
            relation viewer: user
            permission view = viewer
            delegable view
        }
        definition document {
            relation folder: folder
            relation viewer: user
            permission view = viewer
            permission share = viewer
            delegable view max hops 2 max ttl 1h approval share
        }
        """;

    [Theory]
    [InlineData("relation viewer: user\n    relation banned", "relation viewer: user | group#member\n    relation banned", "! relation `document#viewer` may now hold `group#member` (it may hold more subjects)")]
    [InlineData("relation viewer: user\n    relation banned", "relation viewer: user | user:*\n    relation banned", "! relation `document#viewer` may now hold `user:*` (one edge admits every `user`)")]
    [InlineData("editor: user with expiration", "editor: user with expiration | user", "! relation `document#editor` may now hold `user` (expiration is no longer required)")]
    [InlineData("owner: user", "owner: user | user with expiration", "- relation `document#owner` may now hold `user with expiration`")]
    [InlineData("owner: user", "owner: user with expiration", "- relation `document#owner` no longer holds `user`\n- relation `document#owner` may now hold `user with expiration`")]
    [InlineData("banned: user", "banned: user | group#member", "- relation `document#banned` may now hold `group#member`")]
    [InlineData("view = viewer + owner - blocked", "view = viewer + owner", "! permission `document#view` becomes `viewer + owner`, was `viewer + owner - blocked` (it holds all it held, and more)")]
    [InlineData("view = viewer + owner - blocked", "view = viewer - blocked", "- permission `document#view` becomes `viewer - blocked`, was `viewer + owner - blocked`")]
    [InlineData("view = viewer + owner - blocked", "view = viewer + owner + folder->view - blocked", "! permission `document#view` becomes `viewer + owner + folder->view - blocked`, was `viewer + owner - blocked` (it holds all it held, and more)")]
    [InlineData("view = viewer + owner - blocked", "view = viewer + owner - blocked - editor", "- permission `document#view` becomes `viewer + owner - blocked - editor`, was `viewer + owner - blocked`")]
    [InlineData("view = viewer + owner - blocked", "view = (viewer - blocked) + (owner - blocked)", "- permission `document#view` becomes `(viewer - blocked) + (owner - blocked)`, was `viewer + owner - blocked`")]
    [InlineData("view = viewer + owner - blocked", "view = owner + viewer - blocked", "- permission `document#view` becomes `owner + viewer - blocked`, was `viewer + owner - blocked`")]
    [InlineData("view = viewer + owner - blocked", "view = editor", "? permission `document#view` becomes `editor`, was `viewer + owner - blocked` (it can't be told whether it holds more)")]
    [InlineData("edit = editor & owner", "edit = editor", "! permission `document#edit` becomes `editor`, was `editor & owner` (it holds all it held, and more)")]
    [InlineData("edit = editor & owner", "edit = editor & owner & viewer", "- permission `document#edit` becomes `editor & owner & viewer`, was `editor & owner`")]
    [InlineData("blocked = banned", "blocked = nil", "? permission `document#blocked` becomes `nil`, was `banned` (it holds less where a permission subtracts it)")]
    [InlineData("blocked = banned", "blocked = banned + editor", "- permission `document#blocked` becomes `banned + editor`, was `banned`")]
    [InlineData("    permission edit = editor & owner\n", "", "- permission `document#edit` is removed")]
    [InlineData("permission edit = editor & owner", "permission edit = (editor & (owner))", "")]
    [InlineData("definition group { relation member: user }\n", "", "- definition `group` is removed")]
    [InlineData("definition user {}", "/** People. */\ndefinition user {}", "- definition `user` is documented differently")]
    [InlineData("    relation owner", "    // who made it\n    relation owner", "- relation `document#owner` is documented differently")]
    [InlineData("    permission edit", "    // who changes it\n    permission edit", "- permission `document#edit` is documented differently")]
    [InlineData("definition user {}", "use delegation\ndefinition user { principal human }", "- `use delegation` is turned on\n? definition `user` becomes `principal human` (its objects can be the root of a chain)")]
    public void A_change_is_told_and_judged(string old, string now, string expected) => Assert.Equal(expected, Change(Plain, old, now));

    [Theory]
    [InlineData("permission view = viewer\n    delegable view\n", "permission view = viewer\n", "- `folder#view` can no longer be delegated")]
    [InlineData("max hops 2", "max hops 3", "! `document#view` can now be delegated with `max hops 3 max ttl 1h approval share`, before with `max hops 2 max ttl 1h approval share` (chains may be longer)")]
    [InlineData("max ttl 1h", "max ttl 30m", "- `document#view` can now be delegated with `max hops 2 max ttl 30m approval share`, before with `max hops 2 max ttl 1h approval share`")]
    [InlineData("max hops 2 max ttl 1h approval share", "max hops 1", "! `document#view` can now be delegated with `max hops 1`, before with `max hops 2 max ttl 1h approval share` (hops may last longer, the approval of `share` is no longer needed)")]
    [InlineData("approval share", "approval share\n    delegable share", "! `document#share` can now be delegated without limits (it may be exercised through hops)")]
    [InlineData("approval share", "approval share\n    autonomous share", "! agents may now hold `document#share` by their own tuples (agents need no delegation for it)")]
    [InlineData("    domain data\n", "    domain ai\n", "- definition `folder` moves from domain `data` to domain `ai`")]
    [InlineData("definition document {", "definition document {\n    within folder", "- definition `document` is now within its `folder`\n! definition `document` newly falls within `folder`: hops that lend `view` there cover it too (hops of `grant` that exist cover it)")]
    [InlineData("    relation onward: agent\n", "", "! relation `grant#onward` is removed (whoever was lent something may hand it on to any agent)")]
    [InlineData("    relation task: task\n", "", "! relation `grant#task` is removed (hops no longer end with a task)")]
    [InlineData("relation view: folder", "relation view: folder | document", "! relation `grant#view` may now hold `document` (it may hold more subjects)")]
    [InlineData("relation revoked_by: user", "relation revoked_by: user | agent", "- relation `grant#revoked_by` may now hold `agent`")]
    [InlineData("relation revoked_by: user", "relation revoked_by: user\n    relation parent: grant", "! relation `grant#parent` is added (what was lent may be handed on)")]
    [InlineData("relation sponsor: user\n", "relation sponsor: user | user#suspended_by\n", "! relation `agent#sponsor` may now hold `user#suspended_by` (it may hold more subjects)")]
    [InlineData("definition folder {", "definition note { within folder\n relation folder: folder\n permission view = nil\n delegable view }\ndefinition folder {", "- definition `note` is added\n! definition `note` newly falls within `folder`: hops that lend `view` there cover it too (hops of `grant` that exist cover it)")]
    public void A_change_of_delegation_is_told_and_judged(string old, string now, string expected) => Assert.Equal(expected, Change(Agents, old, now));

    [Fact]
    public void A_permission_that_an_arrow_waited_for_may_widen()
    {
        string before = Plain.Replace("permission view = viewer + owner - blocked", "permission view = viewer + folder->see");
        string after = before.Replace("    permission view = viewer\n}", "    permission view = viewer\n    permission see = viewer\n}");
        Assert.Equal("? permission `folder#see` is added (arrows ask for it)", Between(before, after));
    }

    [Fact]
    public void An_agent_that_becomes_a_plain_type_needs_nobody_any_more()
    {
        const string Agent = "use delegation\ndefinition user { principal human }\ndefinition agent { principal agent\n relation sponsor: user }";
        Assert.Equal("! definition `agent` is no longer `principal agent` (its objects no longer need a delegation or a sponsor)",
            Between(Agent, Agent.Replace("principal agent\n", "\n")));
        Assert.StartsWith("! `use delegation` is turned off, so every check becomes plain (", Between(Agent,
            "definition user {}\ndefinition agent {\n relation sponsor: user }"));
    }

    [Fact]
    public void A_schema_does_not_differ_from_its_canonical_form()
    {
        Assert.Equal("", Between(Agents, SchemaFormatter.Format(Agents).Text ?? ""));
        Assert.Equal("", Between(Samples.Delegation, SchemaFormatter.Format(Samples.Delegation).Text ?? ""));
    }

    [Fact]
    public void What_is_added_one_way_is_removed_the_other_way()
    {
        string there = Between(Agents, Plain);
        string back = Between(Plain, Agents);
        Assert.Equal(Count(there, " is removed"), Count(back, " is added"));
        Assert.Equal(Count(there, " is added"), Count(back, " is removed"));
        Assert.Equal(there.Split('\n').Length, there.Split('\n').Distinct().Count());
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
