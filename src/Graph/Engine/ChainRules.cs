using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// Whether a whole chain, in the scope's <c>Hops</c>, permits the question: steps 3 to 12 of docs/decisions/0001, in that
/// order, the first that fails being the verdict.
/// </summary>
internal static class ChainRules
{
    /// <summary>Steps 3 and 4: whether the chain is the one asked for at all.</summary>
    public static Verdict Fits(DecisionScope scope, in ResolvedQuestion question)
    {
        List<Hop> hops = scope.Hops;
        if (question.Root is { } root && !HasLiveDelegator(scope, hops[0], root))
            return new(DenialCode.RootMismatch, 3, 1, hops[0].Key);
        if (question.Task is { } task && !HasTaskAtOrUnder(scope, hops[^1], task))
            return new(DenialCode.TaskMismatch, 4, hops.Count, hops[^1].Key);
        return Verdict.Permit;
    }

    /// <summary>Steps 5 to 12.</summary>
    public static Verdict Judge(DecisionScope scope, in ResolvedQuestion question)
    {
        Verdict verdict = JudgeChain(scope, question);
        for (int i = 0; verdict.IsPermit && i < scope.Hops.Count; i++) verdict = HopRules.Judge(scope, question, i);
        return verdict.IsPermit ? JudgeRoot(scope, question) : verdict;
    }

    private static Verdict JudgeChain(DecisionScope scope, in ResolvedQuestion question)
    {
        List<Hop> hops = scope.Hops;
        for (int i = 0; i < hops.Count; i++)
            if (hops[i].MostOfOneKind > 1) return Broken(DenialCode.HopAmbiguous, 5, i, hops);
        for (int i = 0; i < hops.Count; i++)
            if (!HasCustody(scope, hops, i)) return Broken(DenialCode.CustodyBroken, 6, i, hops);
        for (int i = 1; i < hops.Count; i++)
            if (LeavesTask(scope, hops[i - 1], hops[i])) return Broken(DenialCode.TaskMismatch, 7, i, hops);
        for (int i = 0; i < hops.Count; i++)
            if (Repeats(hops, i)) return Broken(DenialCode.Cycle, 8, i, hops);
        if (scope.Schema[question.Member].Delegable is not { } rule) return new(DenialCode.NotDelegable, 9, 0, question.Resource);
        if (hops.Count > rule.MaxHops) return Broken(DenialCode.DepthExceeded, 10, rule.MaxHops.Value, hops);
        return Verdict.Permit;
    }

    private static Verdict JudgeRoot(DecisionScope scope, in ResolvedQuestion question)
    {
        ObjectKey root = scope.Hops[0].Delegator ?? throw new InvariantException("a judged chain has a root");
        if (Principals.IsSuspended(scope, root, out LiveEdge suspension)) return new(DenialCode.RootSuspended, 12, 0, root, suspension);
        scope.KeepsWitness = true;
        Finding found = PlainChecker.Check(scope, question.Resource, question.Member, new SubjectKey(root));
        scope.KeepsWitness = false;
        if (found.Truth == Truth.Unknown) throw scope.TakeFault();
        scope.Consult(found.Until);
        return !found.IsNotMember ? Verdict.Permit : new(DenialCode.RootLacksPermission, 12, 0, root);
    }

    private static Verdict Broken(DenialCode code, int step, int index, List<Hop> hops) => new(code, step, index + 1, hops[index].Key);

    private static bool HasCustody(DecisionScope scope, List<Hop> hops, int i)
    {
        if (hops[i].Delegator is not { } delegator) return false;
        return i == 0
            ? Principals.IsHumanOrService(scope, delegator)
            : ChainWalk.IsKnownDelegate(scope, hops[i - 1].Key, hops[i - 1].Role, delegator);
    }

    private static bool LeavesTask(DecisionScope scope, in Hop parent, in Hop child)
    {
        if (parent.Task is not { } task) return false;
        if (child.Task is not { } own) return child.Role.InTask is null;
        return !Ancestry.Tasks(scope, own, scope.Ancestors).Contains(task);
    }

    private static bool Repeats(List<Hop> hops, int i)
    {
        if (hops[i].Delegate == hops[0].Delegator) return true;
        for (int j = 0; j < i; j++)
            if (hops[j].Delegate == hops[i].Delegate) return true;
        return false;
    }

    private static bool HasLiveDelegator(DecisionScope scope, in Hop hop, ObjectKey root)
    {
        EdgeWalk walk = scope.Edges(hop.Role.Delegator, hop.Key.Number);
        while (walk.MoveNext())
            if (walk.Subject == root && scope.IsLive(walk.Window)) return true;
        return false;
    }

    private static bool HasTaskAtOrUnder(DecisionScope scope, in Hop hop, ObjectKey task)
    {
        if (hop.Role.InTask is not { } relation) return false;
        EdgeWalk walk = scope.Edges(relation, hop.Key.Number);
        while (walk.MoveNext())
            if (scope.IsLive(walk.Window) && Ancestry.Tasks(scope, walk.Subject, scope.Ancestors).Contains(task)) return true;
        return false;
    }
}
