using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>Most random cases stay away from the depth limit; here engine and reference meet it on the same step.</summary>
public sealed class DepthTests(ITestOutputHelper output)
{
    private static readonly SchemaModel Groups = new(UsesDelegation: false,
    [
        new Definition("user"),
        new Definition("group")
        {
            Relations = [Expressions.Relation("member", "user", "group#member", "group#active"), Expressions.Relation("owner", "user"), Expressions.Relation("parent", "group")],
            Permissions =
            [
                new PermissionModel("active", Expressions.Named("member")),
                new PermissionModel("owned", Expressions.Union(Expressions.Named("owner"), Expressions.Any("parent", "owned"))),
            ],
        },
    ]);

    /// <summary>
    /// The engine does not walk again what it has seen fail nearer to the question, so where the reference is too deep it may know: then the
    /// answer is the one without a limit.
    /// </summary>
    [Fact]
    public async Task Within_a_few_members_a_check_is_answered_rightly_or_refused()
    {
        Findings findings = new();
        int refused = 0;
        foreach (Case full in Cases.Plain(60))
        {
            Case one = full with { Limits = full.Limits with { CheckDepth = 1 + full.Seed % 5 } };
            await using Store store = await Store.WithAsync(one);
            foreach (Asked asked in one.Questions)
            {
                Verdict verdict = store.Ask(asked).Verdict;
                Verdict? expected = one.Expected(store.State, asked);
                if (expected is Verdict.Rejected && verdict is not Verdict.Rejected) expected = full.Expected(store.State, asked);
                findings.Count();
                if (verdict is Verdict.Rejected) refused++;
                findings.Expect(expected?.AgreesWith(verdict) ?? true, "another answer", () => one.Describe(asked, $"expected {expected}, the engine says {verdict}"));
            }
        }
        findings.Conclude(output, atLeast: 3_400);
        Assert.True(refused > 100, $"only {refused} refused");
    }

    [Theory]
    [InlineData("member", "group:g{1}#member", "member", 50)]
    [InlineData("member", "group:g{1}#active", "member", 25)]
    [InlineData("parent", "group:g{1}", "owned", 50)]
    public async Task The_depth_limit_is_met_where_the_reference_meets_it(string relation, string next, string asked, int firstTooDeep)
    {
        foreach (int length in (int[])[1, firstTooDeep - 2, firstTooDeep - 1, firstTooDeep, firstTooDeep + 1, 70])
        {
            Case one = ChainOfGroups(relation, next, asked, length);
            await using Store store = await Store.WithAsync(one);
            Verdict expected = new ReferenceChecker(Groups, store.State, one.Limits, Windows.Now).Decide(one.Questions[0].Question);
            Verdict verdict = store.Ask(one.Questions[0]).Verdict;

            Assert.True(expected.AgreesWith(verdict), $"{length} groups: the reference says {expected}, the engine says {verdict}");
            Assert.Equal(length < firstTooDeep ? "permitted" : "rejected CHECK_DEPTH_LIMIT", verdict.ToString());
        }
    }

    /// <summary>As many groups after the first, each leading to the next, ann a member and owner of the last.</summary>
    private static Case ChainOfGroups(string relation, string next, string asked, int length)
    {
        List<RelationTuple> tuples = [RelationTuple.Parse($"group:g{length}#member@user:ann"), RelationTuple.Parse($"group:g{length}#owner@user:ann")];
        for (int i = 0; i < length; i++)
            tuples.Add(RelationTuple.Parse($"group:g{i}#{relation}@{next.Replace("{1}", $"{i + 1}")}"));
        CheckQuestion question = new(new ObjectRef("group", "g0"), asked, SubjectRef.Parse("user:ann"));
        return new Case(0, Groups, Limits.Default, tuples, [new Asked(question, Windows.Now)]);
    }
}
