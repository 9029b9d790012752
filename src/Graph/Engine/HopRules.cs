using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>Whether one hop of a chain holds: step 11 of docs/decisions/0001, in its order.</summary>
internal static class HopRules
{
    public static Verdict Judge(DecisionScope scope, in ResolvedQuestion question, int index)
    {
        Hop hop = scope.Hops[index];
        Verdict verdict = JudgeLife(scope, hop, index);
        if (verdict.IsPermit && index > 0) verdict = JudgeOnward(scope, scope.Hops[index - 1], hop, index);
        if (verdict.IsPermit) verdict = JudgeDelegate(scope, hop, index);
        if (verdict.IsPermit) verdict = JudgeLent(scope, question, hop, index);
        if (verdict.IsPermit) verdict = JudgeTtl(scope, question, hop, index);
        if (verdict.IsPermit && index == scope.Hops.Count - 1) verdict = JudgeApproval(scope, question, hop, index);
        return verdict;
    }

    private static Verdict JudgeLife(DecisionScope scope, in Hop hop, int index)
    {
        Window window = hop.DelegateEdge.Window;
        if (!scope.IsLive(window))
            return Broken(scope.Now < window.NotBefore ? DenialCode.NotYetValid : DenialCode.Expired, index, hop.Key, hop.DelegateEdge);
        if (scope.HasLive(hop.Role.RevokedBy, hop.Key.Number, out LiveEdge revocation))
            return Broken(DenialCode.Revoked, index, hop.Key, revocation);
        if (hop.Role.InTask is null) return Verdict.Permit;
        return hop.Task is { } task ? JudgeTask(scope, task, index) : Broken(DenialCode.TaskMissing, index, hop.Key);
    }

    /// <summary>The hop's own task is blamed first; of several above it that are not open, the first by text.</summary>
    private static Verdict JudgeTask(DecisionScope scope, ObjectKey task, int index)
    {
        Verdict worst = Verdict.Permit;
        foreach (ObjectKey above in Ancestry.Tasks(scope, task, scope.Ancestors))
        {
            Verdict verdict = JudgeOpen(scope, above, index);
            if (verdict.IsPermit) continue;
            if (above == task) return verdict;
            if (worst.IsPermit || CodePoints.IsEarlier(scope.Name(above), scope.Name(worst.Object))) worst = verdict;
        }
        return worst;
    }

    private static Verdict JudgeOpen(DecisionScope scope, ObjectKey task, int index)
    {
        if (scope.Schema[task.Type].Role is not Role.Task role) return Broken(DenialCode.TaskInactive, index, task);
        if (scope.HasLive(role.ClosedBy, task.Number, out LiveEdge closure)) return Broken(DenialCode.TaskInactive, index, task, closure);
        return scope.HasLive(role.OpenedBy, task.Number, out _) ? Verdict.Permit : Broken(DenialCode.TaskInactive, index, task);
    }

    private static Verdict JudgeOnward(DecisionScope scope, in Hop parent, in Hop hop, int index)
    {
        if (parent.Role.Onward is not { } onward) return Verdict.Permit;
        EdgeWalk walk = scope.Edges(onward, parent.Key.Number);
        while (walk.MoveNext())
        {
            scope.Step();
            bool names = walk.Type.Kind == SubjectKind.Wildcard ? walk.Type.SubjectType == hop.Delegate.Type : walk.Subject == hop.Delegate;
            if (names && scope.IsLive(walk.Window)) return Verdict.Permit;
        }
        return Broken(DenialCode.RedelegationForbidden, index, hop.Key);
    }

    private static Verdict JudgeDelegate(DecisionScope scope, in Hop hop, int index)
    {
        if (Principals.IsSuspended(scope, hop.Delegate, out LiveEdge suspension))
            return Broken(DenialCode.PrincipalSuspended, index, hop.Delegate, suspension);
        DenialCode unsponsored = Principals.Unsponsored(scope, hop.Delegate);
        return unsponsored == DenialCode.None ? Verdict.Permit : Broken(unsponsored, index, hop.Delegate);
    }

    private static Verdict JudgeLent(DecisionScope scope, in ResolvedQuestion question, in Hop hop, int index)
    {
        if (!hop.Role.Lent.TryGetValue(scope.Schema[question.Member].Name, out MemberId lent))
            return Broken(DenialCode.ScopePermission, index, hop.Key);
        ConsultContainers(scope, question.Resource);
        if (Covers(scope, lent, hop.Key.Number)) return Verdict.Permit;
        bool lendsAnything = scope.HasLive(lent, hop.Key.Number, out _);
        return Broken(lendsAnything ? DenialCode.ScopeResource : DenialCode.ScopePermission, index, hop.Key);
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

    /// <summary>Whether a live edge lends the permission on the resource, on something it is within, or on all of such a type. The one that lasts longest counts.</summary>
    private static bool Covers(DecisionScope scope, MemberId lent, uint hop)
    {
        (Instant longest, Instant next) = (Instant.Beginning, Instant.Never);
        foreach (ObjectKey place in scope.Containers)
            foreach (EdgeType type in scope.EdgeTypes(lent))
            {
                if (type.SubjectType != place.Type || type.Kind == SubjectKind.Userset) continue;
                scope.Step();
                uint subject = type.Kind == SubjectKind.Wildcard ? EdgeStore.Wildcard : place.Number;
                if (!scope.Bound[type.Id].TryFind(hop, subject, scope.Revision, out EdgeVersion edge)) continue;
                if (edge.Window.Contains(scope.Now)) longest = Instant.Max(longest, edge.Window.ExpiresAt);
                else next = Instant.Min(next, edge.Window.NextChange(scope.Now));
            }
        bool covered = longest != Instant.Beginning;
        scope.Consult(covered ? longest : next);
        return covered;
    }

    private static Verdict JudgeTtl(DecisionScope scope, in ResolvedQuestion question, in Hop hop, int index)
    {
        if (scope.Schema[question.Member].Delegable?.MaxTtl is not { } ttl) return Verdict.Permit;
        Window window = hop.DelegateEdge.Window;
        bool fits = window.NotBefore.IsFinite && window.ExpiresAt.IsFinite
            && window.NotBefore.Plus((long)ttl.TotalMicroseconds) >= window.ExpiresAt;
        return fits ? Verdict.Permit : Broken(DenialCode.TtlLimit, index, hop.Key, hop.DelegateEdge);
    }

    private static Verdict JudgeApproval(DecisionScope scope, in ResolvedQuestion question, in Hop hop, int index)
    {
        if (scope.Schema[question.Member].Delegable is not { Approvals.IsEmpty: false } rule) return Verdict.Permit;
        bool approved = LendsItself(scope, question, hop) && IsApproved(scope, question, hop, rule);
        return approved ? Verdict.Permit : Broken(DenialCode.ApprovalRequired, index, hop.Key);
    }

    private static bool LendsItself(DecisionScope scope, in ResolvedQuestion question, in Hop hop)
    {
        EdgeWalk walk = scope.Edges(hop.Role.Lent[scope.Schema[question.Member].Name], hop.Key.Number);
        while (walk.MoveNext())
        {
            scope.Step();
            if (walk.Type.Kind == SubjectKind.Object && walk.Subject == question.Resource && scope.IsLive(walk.Window)) return true;
        }
        return false;
    }

    private static bool IsApproved(DecisionScope scope, in ResolvedQuestion question, in Hop hop, DelegableRule rule)
    {
        if (hop.Role.Approver is not { } relation) return false;
        bool unknown = false;
        EdgeWalk walk = scope.Edges(relation, hop.Key.Number);
        while (walk.MoveNext())
        {
            scope.Step();
            if (!scope.IsLive(walk.Window) || !Principals.IsActiveHuman(scope, walk.Subject)) continue;
            Truth holds = HoldsAll(scope, question.Resource, rule, new SubjectKey(walk.Subject));
            if (holds == Truth.Member) return true;
            unknown |= holds == Truth.Unknown;
        }
        return unknown ? throw scope.TakeFault() : false;
    }

    private static Truth HoldsAll(DecisionScope scope, ObjectKey resource, DelegableRule rule, SubjectKey approver)
    {
        var all = Truth.Member;
        foreach (MemberId approval in rule.Approvals)
        {
            Finding found = PlainChecker.Check(scope, resource, approval, approver);
            if (found.Truth != Truth.Unknown) scope.Consult(found.Until);
            if (found.IsNotMember) return Truth.NotMember;
            if (!found.IsMember) all = Truth.Unknown;
        }
        return all;
    }

    private static Verdict Broken(DenialCode code, int index, ObjectKey about, LiveEdge? fact = null) => new(code, 11, index + 1, about, fact);
}
