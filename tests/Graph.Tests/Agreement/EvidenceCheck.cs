using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>Whether the evidence given with an answer proves it: every tuple is there, the chain is the chain, the witness a proof.</summary>
internal sealed class EvidenceCheck(Case one, State state, Asked asked, Answer answer, Evidence evidence, Action<bool, string> expect)
{
    private readonly CheckQuestion _question = asked.Question;

    public void Run()
    {
        expect(evidence.Witness.All(state.Holds), "a witness tuple is not in the store");
        expect(evidence.Witness.All(w => w.Window.Contains(asked.At)), "a witness tuple is not live");
        expect(evidence.FailedFact is not { } failed || state.Holds(failed), "the failed fact is not in the store");
        if (answer.IsPermitted) Permit();
        else if (answer.Outcome == Outcome.Denied) Denial();
        if (evidence.Chain.Count > 0) Chain();
    }

    private void Permit()
    {
        bool isDelegated = !_question.Acting.IsNone;
        expect(evidence.FailedFact is null, "a permit has a failed fact");
        expect(isDelegated == (evidence.Root is not null), "a root is reported if and only if the permit is delegated");
        expect(isDelegated == evidence.Chain.Count > 0, "a chain is reported if and only if the permit is delegated");
        expect(evidence.Witness.All(w => answer.ValidUntil <= w.Window.ExpiresAt), "valid_until is later than the end of a witness tuple");
        expect(evidence.Witness.All(HoldsByItsCaveat), "the caveat of a witness tuple does not hold");
        if (one.Schema.OnePathProves) expect(WitnessProves(), "the witness alone does not prove the permit");
        expect(evidence.Sponsors.All(IsTrueSponsor), "a sponsor reported is none");
        if (!isDelegated) return;

        expect(evidence.Chain.All(h => h.Verdict == HopVerdict.Holds && h.Code == DenialCode.None), "a hop of a permit does not hold");
        expect(evidence.Chain.All(h => answer.ValidUntil <= h.Window.ExpiresAt), "valid_until is later than the end of a hop");
        expect(evidence.Chain.All(h => evidence.Sponsors.Any(s => s.Agent == h.Delegate)), "an agent of the chain has no sponsor in evidence");
        expect(evidence.Chain.Count == 0 || evidence.Root == evidence.Chain[0].Delegator, "the root is not the first delegator");
        expect(evidence.Chain.Count == 0 || evidence.Chain[^1].Delegate == _question.Subject.Object, "the last delegate is not the presenter");
        expect(_question.Acting.Root is null || evidence.Root == _question.Acting.Root, "the root is not the one named");
        expect(_question.Acting.Delegation is not { } leaf || evidence.Chain.Count > 0 && evidence.Chain[^1].Hop == leaf, "the leaf is not the one named");
        expect(evidence.Chain.Zip(evidence.Chain.Skip(1)).All(pair => pair.First.Delegate == pair.Second.Delegator), "custody is broken in the chain of a permit");
    }

    private void Denial()
    {
        expect(evidence.Witness.Count == 0, "a denial has a witness");
        bool pointsAtHop = answer.Hop > 0 && evidence.Chain.Count > 0;
        if (!pointsAtHop) return;
        expect(answer.Hop <= evidence.Chain.Count && evidence.Chain[answer.Hop - 1] is { Verdict: HopVerdict.Broken } broken && broken.Code == answer.Code,
            $"{answer.Code.ToText()}: the hop that the answer names is not the broken one of the chain");
        expect(evidence.Chain.Count(h => h.Verdict == HopVerdict.Broken) == 1, "a denial at a hop has not one broken hop");
    }

    /// <summary>Root first, each hop the parent of the next, everything reported as it is stored.</summary>
    private void Chain()
    {
        bool IsLinked((HopReport Parent, HopReport Child) pair) => Live(pair.Child.Hop, "parent", pair.Parent.Hop) is not null;
        expect(evidence.Chain.Zip(evidence.Chain.Skip(1)).All(IsLinked), "a hop of the chain is not the parent of the next");
        foreach (HopReport hop in evidence.Chain.Where(h => h.Verdict == HopVerdict.Holds))
        {
            expect(hop.Delegator is { } delegator && Live(hop.Hop, "delegator", delegator) is not null, "the delegator of a hop is not its delegator");
            expect(hop.Delegate is { } p && Live(hop.Hop, "delegate", p)?.Window == hop.Window, "the delegate of a hop or its window is not as stored");
            expect(hop.Task is not { } task || Live(hop.Hop, "task", task) is not null, "the task of a hop is not its task");
        }
    }

    private RelationTuple? Live(ObjectRef resource, string relation, ObjectRef subject)
    {
        foreach (RelationTuple tuple in state.Tuples)
            if (tuple.Resource == resource && tuple.Relation == relation && tuple.Subject == new SubjectRef(subject) && tuple.Window.Contains(asked.At))
                return tuple;
        return null;
    }

    private bool HoldsByItsCaveat(RelationTuple tuple)
    {
        if (tuple.Caveat is not { } caveat) return true;
        Dictionary<string, long> own = Caveats.Read(caveat.ContextJson);
        return one.Schema.Caveats.Single(c => c.Name == caveat.Name)
            .Truth(own.Concat(Caveats.Read(_question.ContextJson).Where(value => !own.ContainsKey(value.Key))).ToDictionary()) == Membership.Member;
    }

    private bool WitnessProves()
    {
        SubjectRef subject = evidence.Root is { } root ? new SubjectRef(root) : _question.Subject;
        ReferenceChecker reference = new(one.Schema, new State(evidence.Witness), one.Limits, asked.At);
        return reference.Plain(_question with { Subject = subject, Acting = default }) == Membership.Member;
    }

    private bool IsTrueSponsor(Sponsorship sponsorship) =>
        new ReferenceChecker(one.Schema, state, one.Limits, asked.At) { Context = _question.ContextJson }.IsActiveSponsor(sponsorship.Agent, sponsorship.Human);
}
