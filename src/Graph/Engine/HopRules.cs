using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>Whether one hop of a chain holds: step 11 of docs/decisions/0001, in its order.</summary>
internal static class HopRules
{
    public static Verdict Judge(DecisionScope scope, in ResolvedQuestion question, int index)
    {
        bool isLast = index == scope.Chain.Count - 1;
        Verdict verdict = scope.Chains.Knows(scope) ? Verdict.Permit : scope.Chains.Learn(scope, JudgeStanding(scope, index), isLast);
        if (verdict.IsPermit) verdict = JudgeScope(scope, question, index);
        if (verdict.IsPermit && isLast) verdict = JudgeApproval(scope, question, scope.Chain[index], index);
        return verdict;
    }

    /// <summary>Whether the hop is alive and its delegate may act, whatever is asked.</summary>
    public static Verdict JudgeStanding(DecisionScope scope, int index)
    {
        ref Hop hop = ref scope.Chain[index];
        Verdict verdict = JudgeLife(scope, hop, index);
        if (verdict.IsPermit && index > 0) verdict = JudgeOnward(scope, scope.Chain[index - 1], hop, index);
        return verdict.IsPermit ? JudgeDelegate(scope, hop, index) : verdict;
    }

    /// <summary>Whether the hop lends what is asked, and for no longer than it may be lent.</summary>
    public static Verdict JudgeScope(DecisionScope scope, in ResolvedQuestion question, int index)
    {
        ref Hop hop = ref scope.Chain[index];
        Verdict verdict = JudgeLent(scope, question, hop, index);
        return verdict.IsPermit ? JudgeTtl(scope, question, hop, index) : verdict;
    }

    private static Verdict JudgeLife(DecisionScope scope, in Hop hop, int index)
    {
        Window window = hop.DelegateEdge.Window;
        if (!scope.IsLive(window))
            return Broken(scope, scope.Now < window.NotBefore ? DenialCode.NotYetValid : DenialCode.Expired, index, hop.Key, hop.DelegateEdge);
        if (hop.Plan.RevokedBy.HasLive(scope, hop.Key.Number, out LiveEdge revocation))
            return Broken(scope, DenialCode.Revoked, index, hop.Key, revocation);
        if (!hop.Plan.InTask.IsDeclared) return Verdict.Permit;
        if (hop.Task is not { } task) return Broken(scope, DenialCode.TaskMissing, index, hop.Key);
        bool isJudged = index > 0 && scope.Chain[index - 1].Task == task;       // with the hop before
        return isJudged ? Verdict.Permit : JudgeTask(scope, task, index);
    }

    /// <summary>Whether a task and all above it are open. The task itself is blamed first; of several above it that are not open, the first by text.</summary>
    public static Verdict JudgeTask(DecisionScope scope, ObjectKey task, int index)
    {
        Verdict worst = Verdict.Permit;
        LiveEdge fact = default;
        foreach (ObjectKey above in Ancestry.Tasks(scope, task, scope.Ancestors).Items)
        {
            Verdict verdict = JudgeOpen(scope, above, index);
            if (verdict.IsPermit) continue;
            if (above == task) return verdict;
            if (worst.IsPermit || CodePoints.IsEarlier(scope.Name(above), scope.Name(worst.Object))) (worst, fact) = (verdict, scope.FailedFact);
        }
        scope.FailedFact = fact;
        return worst;
    }

    private static Verdict JudgeOpen(DecisionScope scope, ObjectKey task, int index)
    {
        if (scope.Types[task.Type].Task is not { } plan) return Broken(scope, DenialCode.TaskInactive, index, task);
        if (plan.ClosedBy.HasLive(scope, task.Number, out LiveEdge closure)) return Broken(scope, DenialCode.TaskInactive, index, task, closure);
        return plan.OpenedBy.HasLive(scope, task.Number, out _) ? Verdict.Permit : Broken(scope, DenialCode.TaskInactive, index, task);
    }

    private static Verdict JudgeOnward(DecisionScope scope, in Hop parent, in Hop hop, int index)
    {
        PlannedRelation onward = parent.Plan.Onward;
        bool isAllowed = !onward.IsDeclared || onward.HasLiveTo(scope, parent.Key.Number, hop.Delegate);
        return isAllowed ? Verdict.Permit : Broken(scope, DenialCode.RedelegationForbidden, index, hop.Key);
    }

    private static Verdict JudgeDelegate(DecisionScope scope, in Hop hop, int index)
    {
        if (Principals.IsSuspended(scope, hop.Delegate, out LiveEdge suspension))
            return Broken(scope, DenialCode.PrincipalSuspended, index, hop.Delegate, suspension);
        DenialCode unsponsored = Principals.Unsponsored(scope, hop.Delegate);
        return unsponsored == DenialCode.None ? Verdict.Permit : Broken(scope, unsponsored, index, hop.Delegate);
    }

    private static Verdict JudgeLent(DecisionScope scope, in ResolvedQuestion question, in Hop hop, int index)
    {
        if (hop.Plan.Lent[question.Member.Value] is not { } lent) return Broken(scope, DenialCode.ScopePermission, index, hop.Key);
        ConsultContainers(scope, question.Resource);
        var coverage = new Coverage(scope, lent, hop.Key.Number);
        if (coverage.IsEmpty)
            return Broken(scope, lent.HasLive(scope, hop.Key.Number, out _) ? DenialCode.ScopeResource : DenialCode.ScopePermission, index, hop.Key);
        Truth delegated = scope.Judge(hop.DelegateEdge.Caveat);
        if (delegated == Truth.NotMember) return Broken(scope, DenialCode.CaveatFalse, index, hop.Key, hop.DelegateEdge);
        if (coverage.Truth == Truth.NotMember) return Broken(scope, DenialCode.CaveatFalse, index, hop.Key, coverage.Fact);
        if (delegated == Truth.Unknown || coverage.Truth == Truth.Unknown) throw scope.TakeFault();
        return Verdict.Permit;
    }

    // looked up once, but every candidate rests on it
    private static void ConsultContainers(DecisionScope scope, ObjectKey resource)
    {
        if (scope.Containers.Count == 0)
        {
            Instant before = scope.Until;
            scope.Until = Instant.Never;
            Ancestry.Containers(scope, resource, scope.Containers);
            (scope.ContainersUntil, scope.Until) = (scope.Until, before);
        }
        scope.Consult(scope.ContainersUntil);
    }

    private static Verdict JudgeTtl(DecisionScope scope, in ResolvedQuestion question, in Hop hop, int index)
    {
        if (scope.Schema[question.Member].Delegable?.MaxTtl is not { } ttl) return Verdict.Permit;
        Window window = hop.DelegateEdge.Window;
        bool fits = window.NotBefore.IsFinite && window.ExpiresAt.IsFinite
            && window.NotBefore.Plus((long)ttl.TotalMicroseconds) >= window.ExpiresAt;
        return fits ? Verdict.Permit : Broken(scope, DenialCode.TtlLimit, index, hop.Key, hop.DelegateEdge);
    }

    private static Verdict JudgeApproval(DecisionScope scope, in ResolvedQuestion question, in Hop hop, int index)
    {
        if (scope.Schema[question.Member].Delegable is not { Approvals.IsEmpty: false } rule) return Verdict.Permit;
        bool approved = LendsItself(scope, question, hop) && IsApproved(scope, question, hop, rule);
        return approved ? Verdict.Permit : Broken(scope, DenialCode.ApprovalRequired, index, hop.Key);
    }

    private static bool LendsItself(DecisionScope scope, in ResolvedQuestion question, in Hop hop)
    {
        if (hop.Plan.Lent[question.Member.Value] is not { } lent) return false;
        EdgeWalk walk = lent.Walk(hop.Key.Number, scope.Revision);
        while (walk.MoveNext())
        {
            scope.Step();
            if (walk.Type.Kind != SubjectKind.Object || walk.Subject != question.Resource || !scope.IsLive(walk.Window)) continue;
            Truth holds = scope.Judge(walk.Caveat);
            return holds == Truth.Unknown ? throw scope.TakeFault() : holds != Truth.NotMember;
        }
        return false;
    }

    /// <summary>Whether some approver counts; when none surely does and one may, what that depends on stays noted.</summary>
    private static bool IsApproved(DecisionScope scope, in ResolvedQuestion question, in Hop hop, DelegableRule rule)
    {
        int missing = scope.Missing.Count;
        var any = Truth.NotMember;
        EdgeWalk walk = hop.Plan.Approver.Walk(hop.Key.Number, scope.Revision);
        while (walk.MoveNext())
        {
            scope.Step();
            if (!scope.IsLive(walk.Window) || !Principals.IsActiveHuman(scope, walk.Subject)) continue;
            Finding holds = HoldsAll(scope, question.Resource, rule, new SubjectKey(walk.Subject));
            any = Finding.Or(new Finding(any, Instant.Never), holds).Truth;
            if (any != Truth.Member) continue;
            scope.ForgetMissing(missing);
            return true;
        }
        return any == Truth.Unknown ? throw scope.TakeFault() : any == Truth.Conditional;
    }

    /// <summary>Whether an approver holds every approval that a rule asks for.</summary>
    public static Finding HoldsAll(DecisionScope scope, ObjectKey resource, DelegableRule rule, SubjectKey approver)
    {
        int missing = scope.Missing.Count;
        var all = Finding.Yes;
        foreach (MemberId approval in rule.Approvals)
        {
            all = Finding.And(all, PlainChecker.Check(scope, resource, approval, approver));
            if (all.IsNotMember) scope.ForgetMissing(missing);
        }
        if (all.Truth != Truth.Unknown) scope.Consult(all.Until);
        return all;
    }

    private static Verdict Broken(DecisionScope scope, DenialCode code, int index, ObjectKey about, in LiveEdge fact = default) =>
        scope.Deny(code, 11, index + 1, about, fact);
}
