using AuthzGraph.Graph.Index;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine.Plans;

/// <summary>A relation's edges that end at the subject itself or at a wildcard for it: one probe each.</summary>
internal sealed class TerminalsPlan(MemberId relation, Terminal[] terminals) : CheckPlan
{
    protected override Finding Find(DecisionScope scope, uint resource, uint region, int subtractions, int depth)
    {
        if (scope.IsSubject(relation, resource)) return Finding.Yes;
        var any = Finding.No;
        foreach (ref readonly Terminal terminal in terminals.AsSpan())
        {
            if (!scope.IsSubject(terminal.Type)) continue;
            if (terminal.IsWildcard && !scope.WildcardsProve && subtractions % 2 == 0) continue;
            any = Finding.Or(any, terminal.Edges.Probe(scope, resource, terminal.IsWildcard ? EdgeStore.Wildcard : scope.SubjectNumber));
            if (any.IsMember) break;
        }
        return any;
    }
}

/// <summary>Where one edge type of a relation may end.</summary>
internal readonly record struct Terminal(SubjectClass Type, bool IsWildcard, PlannedEdges Edges);

/// <summary>Subjects that one edge type tells from others: a type's objects, or its usersets of one relation.</summary>
internal readonly record struct SubjectClass(TypeId Type, MemberId? Relation);

/// <summary>A relation with usersets: its own edges first, then what they lead to.</summary>
internal sealed class RelationPlan(CheckPlan terminals, CheckPlan usersets) : CheckPlan
{
    protected override Finding Find(DecisionScope scope, uint resource, uint region, int subtractions, int depth)
    {
        Finding any = terminals.Check(scope, resource, region, subtractions, depth);
        return any.IsMember ? any : Finding.Or(any, usersets.Check(scope, resource, region, subtractions, depth));
    }
}
