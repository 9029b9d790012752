using System.Diagnostics;
using AuthzGraph.Protocol.V1;
using ExpandKind = AuthzGraph.Graph.ExpandKind;
using WireExpandKind = AuthzGraph.Protocol.V1.Expansion.Types.Kind;

namespace AuthzGraph.Server.Wire;

/// <summary>Expanded permissions, in the words of the wire.</summary>
internal static class Expansions
{
    public static Expansion ToWire(this Graph.Expansion part) => new()
    {
        Resource = part.Resource.ToWire(),
        Relation = part.Relation,
        Kind = part.Kind.ToWire(),
        Children = { part.Children.Select(ToWire) },
        Subjects = { part.Subjects.Select(ToWire) },
        Through = part.Through?.ToWire(),
        Cycle = part.IsCycle,
    };

    private static ExpandedSubject ToWire(Graph.ExpandedSubject found) => new()
    {
        Subject = found.Subject.ToWire(),
        Relationship = found.Tuple?.ToWire(),
        Members = found.Members?.ToWire(),
        Barred = found.Barred.ToWire(),
    };

    private static WireExpandKind ToWire(this ExpandKind kind) => kind switch
    {
        ExpandKind.Leaf => WireExpandKind.Leaf,
        ExpandKind.Union => WireExpandKind.Union,
        ExpandKind.Intersection => WireExpandKind.Intersection,
        ExpandKind.Exclusion => WireExpandKind.Exclusion,
        _ => throw new UnreachableException(),
    };
}
