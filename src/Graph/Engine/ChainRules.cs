using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// Whether a whole chain, the scope's, permits the question: steps 3 to 12 of docs/decisions/0001, in that
/// order, the first that fails being the verdict.
/// </summary>
internal static class ChainRules
{
    /// <summary>Steps 3 and 4: whether the chain is the one asked for at all.</summary>
    public static Verdict Fits(DecisionScope scope, in ResolvedQuestion question)
    {
        Chain chain = scope.Chain;
        if (question.Root is { } root && chain[0].Delegator != root && !HasLiveDelegator(scope, chain[0], root))
            return scope.Deny(DenialCode.RootMismatch, 3, 1, chain[0].Key);
        if (question.Task is { } task && !HasTaskAtOrUnder(scope, chain.Leaf, task))
            return scope.Deny(DenialCode.TaskMismatch, 4, chain.Count, chain.Leaf.Key);
        return Verdict.Permit;
    }

    /// <summary>Steps 5 to 12.</summary>
    public static Verdict Judge(DecisionScope scope, in ResolvedQuestion question)
    {
        Verdict verdict = JudgeChain(scope, question);
        for (int i = 0; verdict.IsPermit && i < scope.Chain.Count; i++) verdict = HopRules.Judge(scope, question, i);
        return verdict.IsPermit ? JudgeRoot(scope, question) : verdict;
    }

    private static Verdict JudgeChain(DecisionScope scope, in ResolvedQuestion question)
    {
        Verdict verdict = scope.Chains.Knows(scope) ? Verdict.Permit : scope.Chains.Learn(scope, JudgeLinks(scope));
        if (!verdict.IsPermit) return verdict;
        if (scope.Schema[question.Member].Delegable is not { } rule) return scope.Deny(DenialCode.NotDelegable, 9, 0, question.Resource);
        return scope.Chain.Count > rule.MaxHops ? Broken(scope, DenialCode.DepthExceeded, 10, rule.MaxHops.Value) : Verdict.Permit;
    }

    /// <summary>Steps 5 to 8: whether the hops hang together, whatever is asked of them.</summary>
    public static Verdict JudgeLinks(DecisionScope scope)
    {
        Chain chain = scope.Chain;
        for (int i = 0; i < chain.Count; i++)
            if (chain[i].MostOfOneKind > 1) return Broken(scope, DenialCode.HopAmbiguous, 5, i);
        for (int i = 0; i < chain.Count; i++)
            if (!HasCustody(scope, chain, i)) return Broken(scope, DenialCode.CustodyBroken, 6, i);
        for (int i = 1; i < chain.Count; i++)
            if (LeavesTask(scope, chain[i - 1], chain[i])) return Broken(scope, DenialCode.TaskMismatch, 7, i);
        for (int i = 0; i < chain.Count; i++)
            if (Repeats(chain, i)) return Broken(scope, DenialCode.Cycle, 8, i);
        return Verdict.Permit;
    }

    private static Verdict JudgeRoot(DecisionScope scope, in ResolvedQuestion question)
    {
        ObjectKey root = scope.Chain[0].Delegator ?? throw new InvariantException("a judged chain has a root");
        if (Principals.IsSuspended(scope, root, out LiveEdge suspension)) return scope.Deny(DenialCode.RootSuspended, 12, 0, root, suspension);
        scope.KeepsWitness = scope.Explains;
        Finding found = PlainChecker.Check(scope, question.Resource, question.Member, new SubjectKey(root));
        scope.KeepsWitness = false;
        if (found.Truth == Truth.Unknown) throw scope.TakeFault();
        scope.Consult(found.Until);
        return !found.IsNotMember ? Verdict.Permit : scope.Deny(DenialCode.RootLacksPermission, 12, 0, root);
    }

    private static Verdict Broken(DecisionScope scope, DenialCode code, byte step, int index) =>
        scope.Deny(code, step, index + 1, scope.Chain[index].Key);

    private static bool HasCustody(DecisionScope scope, Chain chain, int i)
    {
        if (chain[i].Delegator is not { } delegator) return false;
        return i == 0
            ? Principals.IsHumanOrService(scope, delegator)
            : ChainWalk.IsKnownDelegate(scope, chain[i - 1], delegator);
    }

    private static bool LeavesTask(DecisionScope scope, in Hop parent, in Hop child)
    {
        if (parent.Task is not { } task) return false;
        if (child.Task is not { } own) return !child.Plan.InTask.IsDeclared;
        return !Ancestry.IsAtOrUnder(scope, own, task);
    }

    private static bool Repeats(Chain chain, int i)
    {
        if (chain[i].Delegate == chain[0].Delegator) return true;
        for (int j = 0; j < i; j++)
            if (chain[j].Delegate == chain[i].Delegate) return true;
        return false;
    }

    private static bool HasLiveDelegator(DecisionScope scope, in Hop hop, ObjectKey root)
    {
        EdgeWalk walk = hop.Plan.Delegator.Walk(hop.Key.Number, scope.Revision);
        while (walk.MoveNext())
            if (walk.Subject == root && scope.IsLive(walk.Window)) return true;
        return false;
    }

    private static bool HasTaskAtOrUnder(DecisionScope scope, in Hop hop, ObjectKey task)
    {
        EdgeWalk walk = hop.Plan.InTask.Walk(hop.Key.Number, scope.Revision);
        while (walk.MoveNext())
            if (scope.IsLive(walk.Window) && Ancestry.IsAtOrUnder(scope, walk.Subject, task)) return true;
        return false;
    }
}
