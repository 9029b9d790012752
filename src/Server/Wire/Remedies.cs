using System.Diagnostics;
using AuthzGraph.Graph;
using AuthzGraph.Protocol.V1;
using WireKind = AuthzGraph.Protocol.V1.RemedyStep.Types.Kind;
using WireOperation = AuthzGraph.Protocol.V1.RelationshipUpdate.Types.Operation;

namespace AuthzGraph.Server.Wire;

/// <summary>What would turn a denial into a permit, in the words of the wire.</summary>
internal static class Remedies
{
    public static Protocol.V1.Remedy ToWire(Graph.Remedy remedy) =>
        new() { Steps = { remedy.Steps.Select(ToWire) }, Delegation = remedy.Delegation?.ToWire() };

    private static Protocol.V1.RemedyStep ToWire(Graph.RemedyStep step) => new() { Kind = ToWire(step.Kind), Updates = { step.Updates.Select(ToWire) } };

    private static RelationshipUpdate ToWire(TupleUpdate update) => new() { Operation = ToWire(update.Kind), Relationship = update.Tuple.ToWire() };

    private static WireOperation ToWire(UpdateKind kind) => kind switch
    {
        UpdateKind.Create => WireOperation.Create,
        UpdateKind.Touch => WireOperation.Touch,
        UpdateKind.Delete => WireOperation.Delete,
        _ => throw new UnreachableException(),
    };

    private static WireKind ToWire(RemedyKind kind) => kind switch
    {
        RemedyKind.Grant => WireKind.Grant,
        RemedyKind.Lift => WireKind.Lift,
        RemedyKind.Resume => WireKind.Resume,
        RemedyKind.Sponsor => WireKind.Sponsor,
        RemedyKind.Approve => WireKind.Approve,
        RemedyKind.Delegate => WireKind.Delegate,
        _ => throw new UnreachableException(),
    };
}
