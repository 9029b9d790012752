using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// Whether a hop's live edges lend a permission on the resource, on something it is within, or on all objects of such a
/// type. Several edges are alternatives: of those that hold, the one that lasts longest counts.
/// </summary>
internal readonly record struct Coverage(Truth Truth, LiveEdge Fact)
{
    /// <summary>No edge covers the resource, whatever its caveat.</summary>
    public bool IsEmpty => Fact.IsNone;

    public static Coverage Of(DecisionScope scope, PlannedRelation lent, uint hop)
    {
        int missing = scope.Missing.Count;
        var best = default(Coverage) with { Truth = Truth.NotMember };
        (Instant longest, Instant next) = (Instant.Beginning, Instant.Never);
        foreach (ObjectKey place in scope.Containers)
            foreach (ref readonly PlannedEdges type in lent.Edges)
            {
                if (!TryFind(scope, type, hop, place, out LiveEdge edge)) continue;
                Instant change = edge.Window.NextChange(scope.Now);
                if (!edge.Window.Contains(scope.Now))
                {
                    next = Instant.Min(next, change);
                    continue;
                }
                Truth truth = scope.Judge(edge.Caveat);
                if (truth == Truth.Member) longest = Instant.Max(longest, change);
                else next = Instant.Min(next, change);
                best = new Coverage(Finding.Or(new Finding(best.Truth, change), new Finding(truth, change)).Truth, edge);
            }
        if (best.Truth == Truth.Member) scope.ForgetMissing(missing);
        scope.Consult(best.Truth == Truth.Member ? longest : next);
        return best;
    }

    private static bool TryFind(DecisionScope scope, in PlannedEdges type, uint hop, ObjectKey place, out LiveEdge edge)
    {
        edge = default;
        if (type.SubjectType != place.Type || type.Kind == SubjectKind.Userset) return false;
        scope.Step();
        uint subject = type.Kind == SubjectKind.Wildcard ? EdgeStore.Wildcard : place.Number;
        if (!type.Store.TryFind(hop, subject, scope.Revision, out EdgeVersion version)) return false;
        edge = new LiveEdge(type.Type, version);
        return true;
    }
}
