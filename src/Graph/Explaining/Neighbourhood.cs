using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Explaining;

/// <summary>
/// Gathers everything that a decision could rest on, had other tuples been written: what consulted relations lead to from the objects of the
/// question, and from the hops its presenter holds. A long list of subjects that are only looked up is not gone through to its end: of what
/// follows, those are taken whom the rest mentions.
/// </summary>
internal sealed class Neighbourhood
{
    private const int LongList = 200;

    private readonly DecisionScope _scope;
    private readonly ConsultedRelations _relations;
    private readonly HashSet<ObjectKey> _seen = [];
    private readonly Queue<ObjectKey> _left = [];
    private readonly List<(ObjectKey Resource, PlannedEdges Edges)> _long = [];
    private readonly List<RelationTuple> _tuples = [];
    private readonly int _limit;

    private Neighbourhood(DecisionScope scope, ConsultedRelations relations, int limit) => (_scope, _relations, _limit) = (scope, relations, limit);

    /// <summary>The tuples, whatever their windows; null if there are more than the limit.</summary>
    public static List<RelationTuple>? Of(DecisionScope scope, in ResolvedQuestion question, int limit)
    {
        var gathering = new Neighbourhood(scope, new ConsultedRelations(scope.Schema, scope.Schema[question.Member]), limit);
        gathering.Start(question);
        return gathering.Gather() ? gathering._tuples : null;
    }

    private void Start(in ResolvedQuestion question)
    {
        Meet(question.Resource);
        Meet(question.Subject.Object);
        if (question.Delegation is { } delegation) Meet(delegation);
        if (question.Root is { } root) Meet(root);
        if (question.Task is { } task) Meet(task);
        if (question.IsActing && question.Delegation is null) MeetHops(question.Subject.Object);
    }

    private void MeetHops(ObjectKey presenter)
    {
        foreach (TypePlan type in _scope.Types.Hops)
            foreach (ref readonly PlannedEdges edges in (type.Hop?.Delegate ?? PlannedRelation.None).Edges)
            {
                if (edges.SubjectType != presenter.Type) continue;
                EdgeListWalk walk = edges.Store.OfSubject(presenter.Number, _scope.Revision);
                while (_seen.Count <= _limit && walk.MoveNext()) Meet(new ObjectKey(type.Id, walk.Current.Resource));
            }
    }

    private bool Gather()
    {
        while (_left.TryDequeue(out ObjectKey resource))
            if (!GatherAll(resource)) return false;
        foreach ((ObjectKey resource, PlannedEdges edges) in _long)
            foreach (ObjectKey subject in _seen)
                if (subject.Type == edges.SubjectType && !Take(resource, edges, subject.Number)) return false;
        return true;
    }

    private bool GatherAll(ObjectKey resource)
    {
        foreach (Member member in _scope.Schema[resource.Type].Members)
        {
            if (member is not Relation relation || !_relations.Contains(relation.Id)) continue;
            foreach (PlannedEdges edges in _scope.Types[relation.Id].Edges)
                if (!GatherEdges(resource, relation, edges)) return false;
        }
        return true;
    }

    private bool GatherEdges(ObjectKey resource, Relation relation, PlannedEdges edges)
    {
        EdgeWords words = edges.Of(resource.Number);
        bool isLong = words.Length > LongList && edges.Kind == SubjectKind.Object && !_relations.IsWalked(relation.Id);
        if (isLong) _long.Add((resource, edges));
        for (int i = 0; (i < LongList || !isLong) && words.MoveNext(); i++)
        {
            uint subject = EdgeCode.Number(words.Current);
            if (!Take(resource, edges, subject)) return false;
            if (edges.Kind != SubjectKind.Wildcard) Meet(new ObjectKey(edges.SubjectType, subject));
        }
        return true;
    }

    /// <summary>Takes an edge if it is there; false when there are too many.</summary>
    private bool Take(ObjectKey resource, PlannedEdges edges, uint subject)
    {
        if (!edges.Store.TryFind(resource.Number, subject, _scope.Revision, out EdgeVersion edge)) return true;
        _tuples.Add(TupleNames.Of(_scope.Bound, edges.Type, edge.Resource, edge.Subject, edge.Window, edge.Caveat));
        return _tuples.Count <= _limit;
    }

    // what no tuple names leads nowhere
    private void Meet(ObjectKey met)
    {
        if (met.Number < EdgeStore.FirstUnknown && _seen.Add(met)) _left.Enqueue(met);
    }
}
