using AuthzGraph.Graph.Index;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine.Plans;

/// <summary>A relation's edges that end at the subject itself or at a wildcard for it: one probe each.</summary>
internal sealed class TerminalsPlan(MemberId relation, Terminal[] terminals) : BranchingPlan
{
    protected override Finding Find(DecisionScope scope, uint resource, Place place)
    {
        if (scope.IsSubject(Trail.Key(relation, resource))) return Finding.Yes;
        var any = Finding.No;
        foreach (ref readonly Terminal terminal in terminals.AsSpan())
        {
            if (!scope.IsSubject(terminal.SubjectClass)) continue;
            if (terminal.IsWildcard && !scope.WildcardsProve && place.Subtractions % 2 == 0) continue;
            any = Finding.Or(any, terminal.Edges.Probe(scope, resource, terminal.IsWildcard ? EdgeStore.Wildcard : scope.Subject.Object.Number));
            if (any.IsMember) break;
        }
        return any;
    }

    public override void Prefetch(in Ahead ahead, uint resource, int step)
    {
        foreach (ref readonly Terminal terminal in terminals.AsSpan()) terminal.Prefetch(ahead, resource, step);
    }
}

/// <summary>The same where there is one edge type, which lists objects or usersets.</summary>
internal sealed class TerminalPlan(MemberId relation, Terminal terminal) : CheckPlan
{
    public override Finding Check(DecisionScope scope, uint resource, Place place)
    {
        if (scope.IsSubject(Trail.Key(relation, resource))) return Finding.Yes;
        return scope.IsSubject(terminal.SubjectClass) ? terminal.Edges.Probe(scope, resource, scope.Subject.Object.Number) : Finding.No;
    }

    public override void Prefetch(in Ahead ahead, uint resource, int step) => terminal.Prefetch(ahead, resource, step);
}

/// <summary>Where one edge type of a relation may end.</summary>
/// <param name="SubjectClass">Its code.</param>
internal readonly record struct Terminal(long SubjectClass, bool IsWildcard, PlannedEdges Edges)
{
    public void Prefetch(in Ahead ahead, uint resource, int step)
    {
        if (SubjectClass != ahead.SubjectClass) return;
        if (step == 0) Edges.Store.Prefetch(resource);
        else if (step == 1) Edges.Store.Prefetch(resource, IsWildcard ? EdgeStore.Wildcard : ahead.Subject);
    }
}

/// <summary>Subjects that one edge type tells from others: a type's objects, or its usersets of one relation.</summary>
internal readonly record struct SubjectClass(TypeId Type, MemberId? Relation)
{
    /// <summary>Equal for equal classes only.</summary>
    public long Code => (long)Type.Value << 32 | (Relation is { } member ? member.Value + 1u : 0);
}

/// <summary>A relation with usersets: its own edges first, then what they lead to.</summary>
internal sealed class RelationPlan(CheckPlan terminals, CheckPlan usersets) : BranchingPlan
{
    protected override Finding Find(DecisionScope scope, uint resource, Place place)
    {
        Finding any = terminals.Check(scope, resource, place);
        return any.IsMember ? any : Finding.Or(any, usersets.Check(scope, resource, place));
    }

    public override void Prefetch(in Ahead ahead, uint resource, int step)
    {
        terminals.Prefetch(ahead, resource, step);
        usersets.Prefetch(ahead, resource, step);
    }
}
