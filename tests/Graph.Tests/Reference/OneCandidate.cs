using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>The fourth chapter, "One candidate (leaf hop given)": the twelve steps in their order.</summary>
internal class OneCandidate(SchemaModel schema, State state, Limits limits, Instant t) : Words(schema, state, limits, t)
{
    /// <summary>What became of a candidate, and at which step of the page.</summary>
    protected sealed record Judgement(Verdict Verdict, int Step);

    /// <summary>
    /// A chain that was walked to its end, and the question asked of it. <paramref name="Hops"/>[i - 1] is hᵢ;
    /// <paramref name="Principals"/>[i] is pᵢ, from step 6 on.
    /// </summary>
    protected sealed record Chain(CheckQuestion Question, IReadOnlyList<ObjectRef> Hops)
    {
        public int Length => Hops.Count;
        public ObjectRef Hop(int i) => Hops[i - 1];
        public ObjectRef Leaf => Hops[^1];
        public ObjectRef Presenter => Question.Subject.Object;
        public IReadOnlyList<ObjectRef> Principals { get; init; } = [];
    }

    protected Judgement Judge(CheckQuestion question, ObjectRef leaf)
    {
        if (!IsKnownHop(leaf)) return Deny(1, DenialCode.HopUnknown, 1, leaf);
        if (!KnownDelegates(leaf).Contains(question.Subject.Object)) return Deny(1, DenialCode.PresenterMismatch, 1, leaf);

        (List<ObjectRef> hops, DenialCode fault) = Walk(leaf);
        if (fault != DenialCode.None) return Deny(2, fault, 1, hops[0]);

        Chain chain = new(question, hops);
        if ((Step3(chain) ?? Step4(chain) ?? Step5(chain) ?? Step6(chain)) is { } early) return early;
        chain = chain with { Principals = [.. chain.Hops.Select(h => Delegators(h)[0]), chain.Presenter] };
        return Step7(chain) ?? Step8(chain) ?? Step9(chain) ?? Step10(chain) ?? Step11(chain) ?? Step12(chain)
            ?? Conclude(chain);
    }

    /// <summary>Nothing is false: a permit, unless names are missing.</summary>
    private Judgement Conclude(Chain chain)
    {
        Membership all = HoldsPermission(chain).And(IsApproved(chain));
        for (int i = 1; i <= chain.Length; i++) all = all.And(DelegateHolds(chain, i)).And(LentHolds(chain, i));
        return new Judgement(all == Membership.Member ? Verdict.Permit : Verdict.Undecided(all), 13);
    }

    /// <summary>From the leaf to the hop without a known parent. The hops come root first; at a fault, as far as was walked.</summary>
    protected (List<ObjectRef> Hops, DenialCode Fault) Walk(ObjectRef leaf)
    {
        List<ObjectRef> hops = [];
        ObjectRef x = leaf;
        while (true)
        {
            if (hops.Contains(x)) return (hops, DenialCode.Cycle);                                // b
            if (hops.Count >= HopLimit) return (hops, DenialCode.DepthExceeded);                   // c
            hops.Insert(0, x);
            if (!IsKnownHop(x)) return (hops, DenialCode.HopUnknown);                             // a
            List<RelationTuple> parents = Live(x, "parent");
            if (parents.Count > 1) return (hops, DenialCode.HopAmbiguous);                        // d
            if (parents.Count == 0) return (hops, ParentFault(x));                                // e, or complete
            x = parents[0].Subject.Object;
        }
    }

    protected virtual int HopLimit => Limits.ChainHops;

    protected virtual DenialCode ParentFault(ObjectRef x) =>
        Known(x, "parent").Count > 0 ? DenialCode.CustodyBroken : DenialCode.None;

    protected virtual bool IsKnownHop(ObjectRef x) => Known(x, "delegator").Count > 0 || Known(x, "delegate").Count > 0;

    protected List<ObjectRef> KnownDelegates(ObjectRef hop) => [.. Known(hop, "delegate").Select(e => e.Subject.Object)];

    protected List<ObjectRef> Delegators(ObjectRef hop) => [.. Live(hop, "delegator").Select(e => e.Subject.Object)];

    protected List<ObjectRef> Tasks(ObjectRef hop) =>
        TypeOf(hop).Declares("task") ? [.. Live(hop, "task").Select(e => e.Subject.Object)] : [];

    /// <summary>3. Root named and not among h₁'s live delegators.</summary>
    protected virtual Judgement? Step3(Chain chain) =>
        chain.Question.Acting.Root is { } root && !Delegators(chain.Hop(1)).Contains(root)
            ? Deny(3, DenialCode.RootMismatch, 1, chain.Hop(1))
            : null;

    /// <summary>4. Task named: no live task of the leaf at or under it.</summary>
    protected virtual Judgement? Step4(Chain chain) =>
        chain.Question.Acting.Task is { } named && !Tasks(chain.Leaf).Any(task => IsAtOrUnder(task, named))
            ? Deny(4, DenialCode.TaskMismatch, chain.Length, chain.Leaf)
            : null;

    /// <summary>5. More than one live delegator, delegate or task.</summary>
    protected virtual Judgement? Step5(Chain chain) => FirstHop(chain, 5, DenialCode.HopAmbiguous, 1, i =>
        Live(chain.Hop(i), "delegator").Count > 1 || Live(chain.Hop(i), "delegate").Count > 1 || Tasks(chain.Hop(i)).Count > 1);

    /// <summary>6. Custody: a delegator there is, and it is what the hop before made it, or at h₁ a human or service.</summary>
    protected virtual Judgement? Step6(Chain chain) => FirstHop(chain, 6, DenialCode.CustodyBroken, 1, i =>
        Delegators(chain.Hop(i)) is not [var delegator, ..]
        || !(i == 1 ? CanBeRoot(delegator) : KnownDelegates(chain.Hop(i - 1)).Contains(delegator)));

    protected virtual bool CanBeRoot(ObjectRef p) => KindOf(p) is RoleKind.Human or RoleKind.Service;

    /// <summary>7. The task of a hop is the parent hop's or one under it; having none where one is declared comes later.</summary>
    protected virtual Judgement? Step7(Chain chain) => FirstHop(chain, 7, DenialCode.TaskMismatch, 2, i =>
        Tasks(chain.Hop(i - 1)) is [var above, ..]
        && !(TypeOf(chain.Hop(i)).Declares("task") && Tasks(chain.Hop(i)).Count == 0)
        && !Tasks(chain.Hop(i)).Any(task => IsAtOrUnder(task, above)));

    /// <summary>8. A principal repeats.</summary>
    protected virtual Judgement? Step8(Chain chain) => FirstHop(chain, 8, DenialCode.Cycle, 1, i =>
        chain.Principals.Take(i).Contains(chain.Principals[i]));

    /// <summary>9. The permission is not delegable.</summary>
    protected virtual Judgement? Step9(Chain chain) =>
        Rules(chain.Question).Count == 0 ? Deny(9, DenialCode.NotDelegable, 0, chain.Question.Resource) : null;

    /// <summary>10. More hops than the rule allows.</summary>
    protected virtual Judgement? Step10(Chain chain) =>
        Rules(chain.Question).Min(r => r.MaxHops) is { } max && chain.Length > max
            ? Deny(10, DenialCode.DepthExceeded, max + 1, chain.Hop(max + 1))
            : null;

    /// <summary>11. Each hop from the root down.</summary>
    protected virtual Judgement? Step11(Chain chain)
    {
        for (int i = 1; i <= chain.Length; i++)
            if (HopFault(chain, i) is { } fault) return new Judgement(fault, 11);
        return null;
    }

    /// <summary>The reasons at one hop, in their order; pᵢ is the delegate in question.</summary>
    protected Verdict? HopFault(Chain chain, int i)
    {
        (ObjectRef hop, ObjectRef p) = (chain.Hop(i), chain.Principals[i]);
        RelationTuple held = Known(hop, "delegate").Single(e => e.Subject.Object == p);
        Verdict Fail(DenialCode code, ObjectRef? about = null) => Verdict.Deny(code, i, about ?? hop);

        if (!IsLive(held)) return Fail(IsFuture(held) ? DenialCode.NotYetValid : DenialCode.Expired);
        if (IsRevoked(hop)) return Fail(DenialCode.Revoked);
        if (TypeOf(hop).Declares("task"))
        {
            if (Tasks(hop) is not [var task, ..]) return Fail(DenialCode.TaskMissing);
            if (NotOpen(task) is { } notOpen) return Fail(DenialCode.TaskInactive, notOpen);
        }
        if (i > 1 && !MayReceive(chain.Hop(i - 1), p)) return Fail(DenialCode.RedelegationForbidden);
        if (IsSuspended(p)) return Fail(DenialCode.PrincipalSuspended, p);
        if (Live(p, "sponsor").Count == 0) return Fail(DenialCode.SponsorMissing, p);
        Membership sponsored = IsSponsored(p);
        if (sponsored.IsUnknown()) return Verdict.Undecided(sponsored);
        if (sponsored != Membership.Member) return Fail(DenialCode.SponsorInactive, p);
        List<RelationTuple> lent = Lent(hop, chain.Question.Permission);
        if (lent.Count == 0) return Fail(DenialCode.ScopePermission);
        if (!lent.Any(e => Covers(e.Subject.Object, chain.Question.Resource))) return Fail(DenialCode.ScopeResource);
        if (IsFalse(DelegateHolds(chain, i), LentHolds(chain, i))) return Fail(DenialCode.CaveatFalse);
        if (Rules(chain.Question).Any(r => r.MaxTtl is { } ttl && IsLongerThan(ttl, held.Window))) return Fail(DenialCode.TtlLimit);
        if (i < chain.Length) return null;
        Membership approved = IsApproved(chain);
        if (approved.IsUnknown()) return Verdict.Undecided(approved);
        return approved == Membership.NotMember ? Fail(DenialCode.ApprovalRequired) : null;
    }

    /// <summary>Whatever else is open.</summary>
    protected virtual bool IsFalse(Membership delegateHolds, Membership lentHolds) =>
        delegateHolds == Membership.NotMember || lentHolds == Membership.NotMember;

    protected virtual Membership DelegateHolds(Chain chain, int i) =>
        Holds(Live(chain.Hop(i), "delegate").Single(e => e.Subject.Object == chain.Principals[i]));

    /// <summary>Lent edges that cover the resource are alternatives.</summary>
    protected virtual Membership LentHolds(Chain chain, int i) => Covering(chain, i).Aggregate(Membership.NotMember, Memberships.Or);

    protected List<Membership> Covering(Chain chain, int i) =>
        [.. Lent(chain.Hop(i), chain.Question.Permission).Where(e => Covers(e.Subject.Object, chain.Question.Resource)).Select(Holds)];

    protected virtual bool IsRevoked(ObjectRef hop) => Live(hop, "revoked_by").Count > 0;

    /// <summary>Where <c>onward</c> is declared, a live edge of the hop names the next delegate or its type's wildcard.</summary>
    protected virtual bool MayReceive(ObjectRef from, ObjectRef next) =>
        !TypeOf(from).Declares("onward")
        || Live(from, "onward").Any(e => e.Subject.Object == next || e.Subject.Object == new ObjectRef(next.Type, Names.Wildcard));

    private static readonly string[] FixedNames = ["delegator", "delegate", "parent", "task", "onward", "approver", "revoked_by"];

    /// <summary>Every relation of a hop whose name is not fixed lends the permission of its name.</summary>
    protected List<RelationTuple> Lent(ObjectRef hop, string permission) =>
        FixedNames.Contains(permission) ? [] : Live(hop, permission);

    /// <summary>Endless at either end, or longer.</summary>
    protected virtual bool IsLongerThan(Duration ttl, Window window) =>
        window.NotBefore == Instant.Beginning || window.ExpiresAt == Instant.Never
        || window.ExpiresAt.Microseconds - window.NotBefore.Microseconds > ttl.Microseconds;

    /// <summary>
    /// Where approvals are asked for: the leaf lends the permission on the resource itself, and some live approver is an
    /// active human who holds every approval.
    /// </summary>
    protected virtual Membership IsApproved(Chain chain)
    {
        List<string> approvals = [.. Rules(chain.Question).Select(r => r.Approval).OfType<string>()];
        if (approvals.Count == 0) return Membership.Member;
        if (LendsItself(chain) == Membership.NotMember) return Membership.NotMember;
        return LendsItself(chain).And(Live(chain.Leaf, "approver").Select(e => e.Subject.Object).Where(MayApprove).Aggregate(Membership.NotMember,
            (sum, human) => sum.Or(approvals.Aggregate(Membership.Member,
                (all, approval) => all.And(Check(chain.Question.Resource, approval, human))))));
    }

    protected virtual Membership LendsItself(Chain chain) => Lent(chain.Leaf, chain.Question.Permission)
        .Where(e => e.Subject.Object == chain.Question.Resource).Select(Holds).Aggregate(Membership.NotMember, Memberships.Or);

    protected virtual bool MayApprove(ObjectRef p) => KindOf(p) == RoleKind.Human && IsActive(p);

    /// <summary>12. The root is active and holds the permission by the plain check.</summary>
    protected virtual Judgement? Step12(Chain chain)
    {
        ObjectRef root = chain.Principals[0];
        if (IsSuspended(root)) return Deny(12, DenialCode.RootSuspended, 0, root);
        Membership holds = HoldsPermission(chain);
        if (holds.IsUnknown()) return new Judgement(Verdict.Undecided(holds), 12);
        return holds == Membership.NotMember ? Deny(12, DenialCode.RootLacksPermission, 0, root) : null;
    }

    protected virtual Membership HoldsPermission(Chain chain) =>
        Check(chain.Question.Resource, chain.Question.Permission, chain.Principals[0]);

    /// <summary>The clauses that open what is asked for; of several the strictest counts, and every approval.</summary>
    protected virtual List<DelegableClause> Rules(CheckQuestion question) =>
        [.. TypeOf(question.Resource).Delegable.Where(c => c.Opens(TypeOf(question.Resource), question.Permission))];

    protected static Judgement Deny(int step, DenialCode code, int hop, ObjectRef about) => new(Verdict.Deny(code, hop, about), step);

    private static Judgement? FirstHop(Chain chain, int step, DenialCode code, int from, Predicate<int> isFaulty)
    {
        for (int i = from; i <= chain.Length; i++)
            if (isFaulty(i)) return Deny(step, code, i, chain.Hop(i));
        return null;
    }
}
