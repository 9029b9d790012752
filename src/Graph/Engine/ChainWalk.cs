using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>Walks from a leaf hop along <c>parent</c> to the root's hop (docs/decisions/0001, "Walk").</summary>
internal static class ChainWalk
{
    /// <summary>Leaves the chain in the scope's <c>Hops</c>, root first, and says whether it is whole.</summary>
    public static Verdict Walk(DecisionScope scope, ObjectKey leaf, ObjectKey presenter)
    {
        List<Hop> hops = scope.Hops;
        hops.Clear();
        Verdict fault = Climb(scope, leaf, presenter, hops);
        hops.Reverse();
        if (fault.IsPermit) NameDelegates(scope, presenter, hops);
        return fault;
    }

    private static Verdict Climb(DecisionScope scope, ObjectKey leaf, ObjectKey presenter, List<Hop> hops)
    {
        ObjectKey current = leaf;
        while (true)
        {
            if (scope.Schema[current.Type].Role is not Role.Delegation role) return Fault(DenialCode.HopUnknown, current);
            hops.Add(Read(scope, current, role));
            if (!IsKnownHop(scope, current, role)) return Fault(DenialCode.HopUnknown, current);
            if (hops.Count == 1 && !IsKnownDelegate(scope, current, role, presenter)) return new(DenialCode.PresenterMismatch, 1, 1, current);
            int parents = scope.CountLive(role.Parent, current.Number, out LiveEdge parent);
            if (parents > 1) return Fault(DenialCode.HopAmbiguous, current);
            if (parents == 0) return HasKnown(scope, role.Parent, current) ? Fault(DenialCode.CustodyBroken, current) : Verdict.Permit;
            if (IsInChain(hops, parent.Subject)) return Fault(DenialCode.Cycle, current);
            if (hops.Count >= scope.Limits.ChainHops) return Fault(DenialCode.DepthExceeded, current);
            current = parent.Subject;
        }
    }

    private static Verdict Fault(DenialCode code, ObjectKey hop) => new(code, 2, 1, hop);

    private static Hop Read(DecisionScope scope, ObjectKey key, Role.Delegation role)
    {
        int delegators = scope.CountLive(role.Delegator, key.Number, out LiveEdge delegator);
        int delegates = scope.CountLive(role.Delegate, key.Number, out _);
        int tasks = scope.CountLive(role.InTask, key.Number, out LiveEdge task);
        return new Hop(key, role)
        {
            Delegator = delegators == 1 ? delegator.Subject : null,
            Task = tasks == 1 ? task.Subject : null,
            MostOfOneKind = Math.Max(Math.Max(delegators, delegates), tasks),
        };
    }

    private static void NameDelegates(DecisionScope scope, ObjectKey presenter, List<Hop> hops)
    {
        for (int i = 0; i < hops.Count; i++)
        {
            ObjectKey delegateKey = i + 1 < hops.Count ? hops[i + 1].Delegator ?? default : presenter;
            bool isKnown = TryFind(scope, hops[i].Role.Delegate, hops[i].Key, delegateKey, out LiveEdge edge) && scope.Remembers(edge.Window);
            if (!isKnown) edge = default;
            hops[i] = hops[i] with { Delegate = delegateKey, DelegateEdge = edge };
        }
    }

    private static bool IsKnownHop(DecisionScope scope, ObjectKey hop, Role.Delegation role) =>
        HasKnown(scope, role.Delegator, hop) || HasKnown(scope, role.Delegate, hop);

    public static bool IsKnownDelegate(DecisionScope scope, ObjectKey hop, Role.Delegation role, ObjectKey principal)
    {
        if (!TryFind(scope, role.Delegate, hop, principal, out LiveEdge edge)) return false;
        scope.Consult(edge.Window.NextChange(scope.Now));
        return scope.IsKnown(edge.Window);
    }

    private static bool HasKnown(DecisionScope scope, MemberId? relation, ObjectKey hop)
    {
        if (relation is not { } member) return false;
        EdgeWalk walk = scope.Edges(member, hop.Number);
        while (walk.MoveNext())
        {
            scope.Step();
            scope.Consult(walk.Window.NextChange(scope.Now));
            if (scope.IsKnown(walk.Window)) return true;
        }
        return false;
    }

    /// <summary>The edge of a relation to one object, whatever its window.</summary>
    private static bool TryFind(DecisionScope scope, MemberId relation, ObjectKey resource, ObjectKey subject, out LiveEdge edge)
    {
        foreach (EdgeType type in scope.EdgeTypes(relation))
        {
            if (type.Kind != SubjectKind.Object || type.SubjectType != subject.Type) continue;
            if (!scope.Bound[type.Id].TryFind(resource.Number, subject.Number, scope.Revision, out EdgeVersion version)) continue;
            edge = new LiveEdge(type, resource.Number, subject, version.Window, version.Caveat);
            return true;
        }
        edge = default;
        return false;
    }

    private static bool IsInChain(List<Hop> hops, ObjectKey key)
    {
        foreach (Hop hop in hops)
            if (hop.Key == key) return true;
        return false;
    }
}
