using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>What DESIGN §5 promises of decisions, asked of the engine alone: these hold whatever the reference says.</summary>
public sealed class PropertyTests(ITestOutputHelper output)
{
    private const int CaseCount = 150;

    [Fact]
    public Task Dropping_the_leaf_never_turns_a_permit_into_a_denial() => ForEachAsync(atLeast: 200, (one, store, asked, findings) =>
    {
        CheckQuestion question = asked.Question;
        bool applies = question.Acting is { Delegation: not null, Task: null }
            && !one.Schema[question.Resource.Type].Delegable.Any(c => c.Approval is not null && c.Opens(one.Schema[question.Resource.Type], question.Permission));
        Evidence evidence = new();
        if (!applies || store.Ask(asked, evidence).Verdict is not Verdict.Permitted) return;

        SubjectRef delegator = new(evidence.Chain[^1].Delegator ?? default);
        CheckQuestion shorter = evidence.Chain.Count == 1
            ? question with { Subject = delegator, Acting = default }
            : question with { Subject = delegator, Acting = question.Acting with { Delegation = evidence.Chain[^2].Hop } };
        Expect(findings, one, asked, store.Ask(asked with { Question = shorter }).Verdict is not Verdict.Denied, $"denied: {shorter}");
    });

    [Fact]
    public Task A_delegated_permit_implies_that_the_root_holds_the_permission() => ForEachAsync(atLeast: 500, (one, store, asked, findings) =>
    {
        Evidence evidence = new();
        bool isDelegatedPermit = !asked.Question.Acting.IsNone && store.Ask(asked, evidence).Verdict is Verdict.Permitted;
        if (!isDelegatedPermit) return;

        CheckQuestion direct = asked.Question with { Subject = new SubjectRef(evidence.Root ?? default), Acting = default };
        Expect(findings, one, asked, store.Ask(asked with { Question = direct }).Verdict is Verdict.Permitted, $"the root is denied: {direct}");
    });

    [Fact]
    public Task Discovery_permits_if_and_only_if_some_delegation_of_the_presenter_does() => ForEachAsync(atLeast: 1_000, (one, store, asked, findings) =>
    {
        Verdict discovered = store.Ask(asked).Verdict;
        if (asked.Question.Acting is not { Delegation: null, Root: not null } || discovered is Verdict.Rejected) return;

        bool explicitly = HopsOf(store, asked).Any(hop => store.Ask(Naming(asked, hop)).Verdict is Verdict.Permitted);
        Expect(findings, one, asked, explicitly == discovered is Verdict.Permitted, $"discovered: {discovered}; explicitly permitted: {explicitly}");
    });

    [Fact]
    public Task Of_several_delegations_that_permit_discovery_takes_the_one_that_lasts_longest_then_the_shortest_then_the_first() =>
        ForEachAsync(atLeast: 300, (one, store, asked, findings) =>
        {
            Evidence evidence = new();
            bool isDiscovered = asked.Question.Acting is { Delegation: null, Root: not null };
            if (!isDiscovered || store.Ask(asked, evidence).Verdict is not Verdict.Permitted) return;

            ObjectRef best = HopsOf(store, asked).Select(hop => Permit(store, Naming(asked, hop))).OfType<(Instant Until, int Hops, ObjectRef Leaf)>()
                .OrderByDescending(p => p.Until).ThenBy(p => p.Hops).ThenBy(p => p.Leaf.ToString(), StringComparer.Ordinal).First().Leaf;
            Expect(findings, one, asked, evidence.Chain[^1].Hop == best, $"{evidence.Chain[^1].Hop} was taken, {best} is better");
        });

    private static (Instant Until, int Hops, ObjectRef Leaf)? Permit(Store store, Asked asked)
    {
        Evidence evidence = new();
        (Verdict verdict, Answer answer) = store.Ask(asked, evidence);
        return verdict is Verdict.Permitted ? (answer.ValidUntil, evidence.Chain.Count, evidence.Chain[^1].Hop) : null;
    }

    private static IEnumerable<ObjectRef> HopsOf(Store store, Asked asked) =>
        store.State.Tuples.Where(t => t.Relation == "delegate" && t.Subject == asked.Question.Subject).Select(t => t.Resource);

    [Fact]
    public async Task A_revocation_suspension_or_closure_never_turns_a_denial_into_a_permit()
    {
        Findings findings = new();
        foreach (Case one in Cases.Delegation(CaseCount).Concat(Cases.DelegationWithCaveats(CaseCount / 2)).Where(c => !c.Schema.PermissionsReadRoles))
        {
            await using Store store = await Store.WithAsync(one);
            Verdict[] before = [.. one.Questions.Select(q => store.Ask(q).Verdict)];
            if (Stop(one) is not { } stop) continue;
            await store.WriteAsync([new TupleUpdate(UpdateKind.Touch, stop)]);
            foreach ((Asked asked, Verdict was) in one.Questions.Zip(before))
                if (was is Verdict.Denied)
                    Expect(findings, one, asked, store.Ask(asked).Verdict is not Verdict.Permitted, $"it was {was} before {stop}");
        }
        findings.Conclude(output, atLeast: 2_000);
    }

    /// <summary>A random edge that takes authority back, if the schema knows one.</summary>
    private static RelationTuple? Stop(Case one)
    {
        Random random = new(one.Seed);
        World world = new(one.Schema, random);
        bool IsWhole(RelationTuple t) => one.Schema[t.Resource.Type].Role is not (RoleKind.Delegation or RoleKind.Task) || t.Relation is "delegator" or "opened_by";
        ObjectRef[] mentioned = [.. one.Tuples.Where(IsWhole).Select(t => t.Resource).Concat(World.Pool("user")).Distinct()];
        for (int attempt = 0; attempt < 20; attempt++)
        {
            (ObjectRef resource, string relation, ObjectRef subject) = (random.Pick(mentioned), random.Pick("suspended_by", "revoked_by", "closed_by"), random.Pick(World.Pool("user")));
            // one that is there already would get another window, and might be lifted for a while
            bool isThere = one.Tuples.Any(t => t.Resource == resource && t.Relation == relation && t.Subject == new SubjectRef(subject));
            if (!isThere && world.Put(resource, relation, subject)) return world.Tuples.Single();
        }
        return null;
    }

    [Fact]
    public async Task An_agents_own_tuples_never_change_a_delegated_answer()
    {
        Findings findings = new();
        foreach (Case one in Cases.Delegation(CaseCount).Concat(Cases.DelegationWithCaveats(CaseCount / 2)))
        {
            await using Store store = await Store.WithAsync(one);
            Asked[] delegated = [.. one.Questions.Where(q => !q.Question.Acting.IsNone && q.Question.Subject.Object.Type == "agent")];
            Verdict[] before = [.. delegated.Select(q => store.Ask(q).Verdict)];
            await store.WriteAsync(OwnTuples(one, delegated).Select(t => new TupleUpdate(UpdateKind.Touch, t)));
            foreach ((Asked asked, Verdict was) in delegated.Zip(before))
            {
                Verdict now = store.Ask(asked).Verdict;
                Expect(findings, one, asked, now.AgreesWith(was), $"it was {was}, and is {now} once the agent has tuples of its own");
            }
        }
        findings.Conclude(output, atLeast: 2_000);
    }

    /// <summary>Every agent that asks becomes an editor and a viewer of every document and, where it can, of every folder.</summary>
    private static IEnumerable<RelationTuple> OwnTuples(Case one, Asked[] questions)
    {
        World world = new(one.Schema, new Random(one.Seed));
        foreach (ObjectRef agent in questions.Select(q => q.Question.Subject.Object).Distinct())
            foreach (ObjectRef resource in World.Pool("document").Concat(World.Pool("folder")))
                foreach (string relation in new[] { "editor", "viewer" })
                    if (!world.Put(resource, relation, agent)) world.Put(resource, relation, new ObjectRef("agent", Names.Wildcard));
        return world.Tuples;
    }

    private async Task ForEachAsync(int atLeast, Action<Case, Store, Asked, Findings> examine)
    {
        Findings findings = new();
        foreach (Case one in Cases.Delegation(CaseCount).Concat(Cases.DelegationWithCaveats(CaseCount / 2)))
        {
            await using Store store = await Store.WithAsync(one);
            foreach (Asked asked in one.Questions) examine(one, store, asked, findings);
        }
        findings.Conclude(output, atLeast);
    }

    private static Asked Naming(Asked asked, ObjectRef hop) =>
        asked with { Question = asked.Question with { Acting = asked.Question.Acting with { Delegation = hop } } };

    private static void Expect(Findings findings, Case one, Asked asked, bool holds, string problem)
    {
        findings.Count();
        findings.Expect(holds, "the property does not hold", () => one.Describe(asked, problem));
    }
}
