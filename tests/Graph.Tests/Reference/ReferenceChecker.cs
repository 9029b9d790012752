using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>
/// The last chapter, "Modes" and "Discovery": the slow and obvious checker that the engine must agree with. It answers at
/// one instant; it is made anew for every question.
/// </summary>
internal class ReferenceChecker(SchemaModel schema, State state, Limits limits, Instant t) : OneCandidate(schema, state, limits, t)
{
    public Verdict Decide(CheckQuestion question)
    {
        Context = question.ContextJson;
        if (Malformed(question) is { } reason) return new Verdict.Rejected(reason);
        ObjectRef subject = question.Subject.Object;
        if (!Schema.UsesDelegation || question.Subject.Relation is not null) return Direct(question);
        if (IsPrincipal(subject) && IsSuspended(subject)) return Verdict.Deny(DenialCode.PresenterSuspended, 0, subject);
        if (!question.Acting.IsNone) return Delegated(question);
        return KindOf(subject) == RoleKind.Agent ? Autonomous(question) : Direct(question);
    }

    /// <summary>Zanzibar's own question: is the subject a member?</summary>
    public Membership Plain(CheckQuestion question)
    {
        Context = question.ContextJson;
        return Check(question.Resource, question.Permission, question.Subject, Path.Start);
    }

    private string? Malformed(CheckQuestion question)
    {
        Acting acting = question.Acting;
        if (acting.IsNone) return null;
        if (!Schema.UsesDelegation) return "ACTING_WITHOUT_DELEGATION";
        if (acting.Delegation is null && acting.Root is null) return "ACTING_INCOMPLETE";
        bool typed = question.Subject.Relation is null
            && (acting.Delegation is not { } leaf || KindOf(leaf) == RoleKind.Delegation)
            && (acting.Root is not { } root || CanBeRoot(root))
            && (acting.Task is not { } task || KindOf(task) == RoleKind.Task);
        return typed ? null : "ACTING_TYPE";
    }

    private Verdict Direct(CheckQuestion question) => Plain(question) switch
    {
        Membership.Member => Verdict.Permit,
        Membership.NotMember => Verdict.Deny(DenialCode.NoPermission, 0, question.Resource),
        Membership open => Verdict.Undecided(open),
    };

    private Verdict Autonomous(CheckQuestion question)
    {
        ObjectRef agent = question.Subject.Object;
        if (!IsAutonomous(question)) return Verdict.Deny(DenialCode.NotAutonomous, 0, agent);
        if (Live(agent, "sponsor").Count == 0) return Verdict.Deny(DenialCode.SponsorMissing, 0, agent);
        return IsSponsored(agent) switch
        {
            Membership.Member => Direct(question),
            Membership.NotMember => Verdict.Deny(DenialCode.SponsorInactive, 0, agent),
            Membership open => Verdict.Undecided(open),
        };
    }

    protected virtual bool IsAutonomous(CheckQuestion question) => TypeOf(question.Resource).Autonomous.Contains(question.Permission);

    private Verdict Delegated(CheckQuestion question) =>
        question.Acting.Delegation is { } leaf ? Judge(question, leaf).Verdict : Discover(question);

    /// <summary>Root named, no delegation.</summary>
    private Verdict Discover(CheckQuestion question)
    {
        List<ObjectRef> kept = Kept(question, IsLive);
        if (kept.Count == 0) kept = Kept(question, CountsWhenNoneIsLive);
        if (kept.Count == 0) return Verdict.Deny(DenialCode.NoDelegation, 0, question.Subject.Object);

        List<Judgement> judgements = [.. kept.Order(ByText).Select(leaf => Judge(question, leaf))];
        if (Unknowns(judgements) is { } unknown) return unknown;
        if (judgements.Any(j => j.Verdict is Verdict.Permitted)) return Verdict.Permit;
        if (judgements.Any(j => j.Verdict is Verdict.Conditional)) return Verdict.DiscoveredConditional;
        return Furthest(judgements).Verdict;
    }

    protected virtual bool CountsWhenNoneIsLive(RelationTuple delegateEdge) => IsKnown(delegateEdge) && !IsLive(delegateEdge);

    /// <summary>Hops that name the presenter in such a <c>delegate</c> edge, walk to their end, start at the root named and are in the task named.</summary>
    private List<ObjectRef> Kept(CheckQuestion question, Predicate<RelationTuple> counts)
    {
        List<ObjectRef> kept = [];
        foreach (RelationTuple edge in All)
        {
            bool isCandidate = edge.Relation == "delegate" && KindOf(edge.Resource) == RoleKind.Delegation
                && edge.Subject.Object == question.Subject.Object && counts(edge);
            if (!isCandidate) continue;
            (List<ObjectRef> hops, DenialCode fault) = Walk(edge.Resource);
            Chain chain = new(question, hops);
            if (fault == DenialCode.None && Step3(chain) is null && Step4(chain) is null) kept.Add(edge.Resource);
        }
        return kept;
    }

    private static Verdict.Rejected? Unknowns(List<Judgement> judgements)
    {
        string[] reasons = [.. judgements.Select(j => j.Verdict).OfType<Verdict.Rejected>().SelectMany(r => r.Reasons).Distinct()];
        return reasons.Length == 0 ? null : new Verdict.Rejected(reasons);
    }

    /// <summary>By step, then hop within step 11, then code order within the hop; the first in text order among equals.</summary>
    protected virtual Judgement Furthest(List<Judgement> denials) => denials
        .OrderByDescending(j => j.Step)
        .ThenByDescending(j => j.Step == 11 ? ((Verdict.Denied)j.Verdict).Hop : 0)
        .ThenByDescending(j => j.Step == 11 ? ((Verdict.Denied)j.Verdict).Code : 0)
        .First();
}
