namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>Warnings about whole schemas; what <c>[…]</c> marks is what is warned of.</summary>
public class LintTests
{
    private const string Types = "\ndefinition user {}\ndefinition bot {}\ndefinition team { relation member: user | bot }\n";

    [Theory]
    [InlineData("definition file { relation owner: user; relation [editor]: user; permission view = owner }")]
    [InlineData("definition file { relation [member]: user | file#member; permission view = nil }")]
    [InlineData("definition file { relation owner: user; relation editor: user }")]
    [InlineData("definition file { relation owner: user; permission view = nil - owner }", "AZ0356")]
    [InlineData("definition file {\n // spicedb-ignore-warning: AZ0251\n relation owner: user\n permission view = nil }")]
    [InlineData("definition file { relation parent: file; relation viewer: user; permission view = parent->viewer }")]
    [InlineData("definition file { relation owner: user; relation [viewer]: user; permission view = owner }\ndefinition link { relation file: file; permission view = file->view }")]
    [InlineData("definition file { relation owner: user; relation viewer: user; permission view = owner }\ndefinition link { relation reader: file#viewer; permission read = reader }")]
    [InlineData("definition file { relation owner: user; relation viewer: user; permission view = owner }\ndefinition link { relation file: file; permission read = file.all(viewer) }", "AZ0353")]
    public void A_relation_that_no_permission_uses_is_told(string schema, params string[] besides) => Warns("AZ0251", schema, besides);

    [Theory]
    [InlineData("permission [view] = user & bot")]
    [InlineData("permission [view] = user & team->member & bot", "AZ0353")]
    [InlineData("permission [view] = (user & bot) + (user & file)")]
    [InlineData("permission [view] = bot & (user - bot)")]
    [InlineData("permission view = (user & bot) + user")]
    [InlineData("permission [view] = user & member & bot & team")]
    [InlineData("permission view = user & member")]
    [InlineData("permission view = bot & team->member", "AZ0353")]
    [InlineData("permission view = user & anybody")]
    [InlineData("permission [view] = file & anybody")]
    [InlineData("permission edit = nobody; permission [nobody] = user & bot")]
    public void Parts_without_a_common_type_make_a_permission_nobody_s(string permission, params string[] besides) => Warns("AZ0355",
        "definition file { relation user: user; relation bot: bot; relation file: file; relation team: team; relation member: team#member; relation anybody: user:*\n"
        + $" permission every = user + bot + file + team + member + anybody; {permission} }}", besides);

    [Theory]
    [InlineData("AZ0356", "permission [view] = owner & nil")]
    [InlineData("AZ0356", "permission [view] = nil - owner")]
    [InlineData("AZ0356", "permission [view] = nil + (nil & owner)")]
    [InlineData("AZ0356", "permission view = (nil); permission edit = view & owner")]
    [InlineData("AZ0356", "permission view = owner + nil")]
    [InlineData("AZ0357", "permission [view] = parent->view")]
    [InlineData("AZ0357", "permission view = owner + parent->view")]
    [InlineData("AZ0357", "permission [view] = owner & parent->view")]
    [InlineData("AZ0357", "permission view = owner - parent->view")]
    [InlineData("AZ0357", "permission [view] = parent->edit; permission edit = parent->view")]
    [InlineData("AZ0357", "permission [view] = circle")]
    [InlineData("AZ0357", "permission view = circle + self")]
    [InlineData("AZ0357", "permission view = owner & view", "AZ0351")]
    [InlineData("AZ0357", "permission view = parent->missing", "AZ0350")]
    public void A_permission_without_a_way_to_any_subject_is_told_once(string code, string permission, params string[] besides) => Warns(code,
        $"use self\ndefinition file {{ relation owner: user; relation parent: file; relation circle: file#circle; permission every = owner + parent + circle + self; {permission} }}", besides);

    [Fact]
    public void What_a_partial_brings_is_used_if_one_of_its_definitions_uses_it() => Warns("AZ0251",
        "use partial\npartial owned { relation owner: user; relation [spare]: user }\n"
        + "definition file { ...owned\n permission view = owner }\ndefinition note { ...owned\n permission view = nil }");

    [Theory]
    [InlineData("delegable view, [edit]", "relation view: file")]
    [InlineData("delegable view, edit", "relation view: file; relation edit: folder")]
    [InlineData("delegable *", "relation view: file")]
    [InlineData("delegable [view]", "relation view: other", "AZ0451")]
    [InlineData("delegable view; delegable [edit] max hops 2", "relation view: file:*")]
    [InlineData("// spicedb-ignore-warning: AZ0452\n delegable edit", "relation view: other", "AZ0451")]
    public void What_no_delegation_lends_is_told(string clause, string lent, params string[] besides) => Warns("AZ0452", $$"""
        use delegation
        definition human { principal human }
        definition agent { principal agent; relation sponsor: human }
        definition folder {}
        definition other { permission view = nil }
        definition file {
            within folder
            relation folder: folder
            permission view = nil
            permission edit = nil
            {{clause}}
        }
        definition grant { delegation; relation delegator: human; relation delegate: agent; {{lent}} }
        """, besides);

    [Fact]
    public void Relations_of_roles_and_clauses_are_used() => Warns("AZ0251", """
        use delegation
        definition human { principal human; relation suspended_by: human; permission view = nil }
        definition agent { principal agent; relation sponsor: human; within fleet; relation fleet: fleet; permission view = nil }
        definition fleet { relation suspended_by: human; relation [spare]: human; permission view = nil }
        definition grant { delegation; relation delegator: human; relation delegate: agent; relation edit: file; permission view = nil }
        definition file { relation edit: human; relation boss: human; delegable edit approval boss; relation own: human; autonomous own; permission view = nil }
        """);

    [Fact]
    public void Nothing_is_said_to_be_unused_while_there_are_errors() => Assert.Equal(["AZ0202"],
        Compilation.Of("definition file { relation owner: user; permission view = ownr & nil }" + Types).Diagnostics.Select(d => d.Code));

    private static void Warns(string code, string marked, params string[] besides)
    {
        (string text, List<TextSpan> spans) = Marked.Read(marked + Types);
        Compilation compilation = Compilation.Of(text);
        Assert.NotNull(compilation.Schema);
        Assert.Equal(spans, compilation.Diagnostics.Where(d => d.Code == code).Select(d => d.Span));
        Assert.Equal(besides, compilation.Diagnostics.Select(d => d.Code).Where(other => other != code).Distinct());
    }
}
