using AuthzGraph.Graph.Engine;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Delegating;

/// <summary>
/// An agent is suspended by one who answers for it; any principal, and all that are within a fleet, by an administrator. Whoever
/// suspended lifts it; an administrator lifts all.
/// </summary>
internal static class SuspendRules
{
    public static IReadOnlyList<TupleUpdate> Suspend(Ground ground, SuspendRequest request)
    {
        ObjectKey target = Find(ground, request.Principal);
        ExpectSay(ground, request.By, request.Principal, target);
        var tuple = new RelationTuple(request.Principal, "suspended_by", new SubjectRef(request.By.As));
        if (request.ExpiresAt is not { } end) return [new TupleUpdate(UpdateKind.Touch, tuple)];
        if (end <= ground.Now) throw DelegationRejections.NotLasting();
        return [new TupleUpdate(UpdateKind.Touch, tuple with { Window = new Window(ground.Now, end) })];
    }

    /// <param name="remaining">Whose suspensions stay.</param>
    public static IReadOnlyList<TupleUpdate> Resume(Ground ground, ResumeRequest request, out IReadOnlyList<ObjectRef> remaining)
    {
        ObjectKey target = Find(ground, request.Principal);
        ObjectKey by = ExpectSay(ground, request.By, request.Principal, target);
        bool all = request.By.Standing == Standing.Administrator;
        ILookup<bool, LiveEdge> edges = ground.Live(ground.Scope.Types[target.Type].SuspendedBy, target).ToLookup(edge => all || edge.Subject == by);
        remaining = [.. edges[false].Select(edge => ground.Name(edge.Subject))];
        return [.. edges[true].Select(edge => new TupleUpdate(UpdateKind.Delete, ground.Scope.Name(edge)))];
    }

    private static ObjectKey Find(Ground ground, ObjectRef target)
    {
        ObjectKey key = ground.Key(target);
        if (target.IsWildcard) throw Rejections.WildcardNotAllowed("the principal");
        return ground.Scope.Types[key.Type].SuspendedBy.IsDeclared ? key : throw DelegationRejections.NotDeclared(target, "suspended_by");
    }

    private static ObjectKey ExpectSay(Ground ground, Deed by, ObjectRef target, ObjectKey key)
    {
        ObjectKey actor = ground.Actor(by.As);
        if (by.Standing != Standing.Administrator && !ground.AnswersFor(actor, key))
            throw DelegationRejections.NotAParty(by.As, target, "one who answers for the agent, or an administrator,");
        return actor;
    }
}
