using System.Collections.Immutable;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Lookups;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Reading;

/// <summary>
/// Writes out how a permission comes about: through rewrites and arrows, down to the subjects that edges name; if asked to, through usersets too.
/// What is being expanded already is not expanded again inside itself.
/// </summary>
internal sealed class Expander(Snapshot snapshot, BoundSchema bound, Limits limits, ResolvedQuestion question, ObjectRef asked, ExpandDepth depth)
{
    private readonly LiveEdges _edges = new(snapshot, bound);
    private readonly HashSet<(MemberId, uint)> _path = [];
    private readonly Dictionary<ObjectKey, DenialCode> _barred = [];
    private int _parts;

    public Expansion Expand() => Expand(question.Resource, question.Member);

    private Expansion Expand(ObjectKey resource, MemberId member)
    {
        CountPart();
        if (bound.Schema[member] is Relation { HasUsersets: false } leaf) return Leaf(resource, leaf);
        if (_path.Count >= limits.CheckDepth) throw Rejections.Depth(limits.CheckDepth);
        if (!_path.Add((member, resource.Number))) return Part(resource, member, ExpandKind.Leaf, []) with { IsCycle = true };
        Expansion whole = bound.Schema[member] switch
        {
            Permission permission => Expand(resource, member, permission.Rewrite),
            Relation relation => Leaf(resource, relation),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        _path.Remove((member, resource.Number));
        return whole;
    }

    private Expansion Expand(ObjectKey resource, MemberId member, Rewrite rewrite) => rewrite switch
    {
        Rewrite.Nil => Part(resource, member, ExpandKind.Leaf, []),
        Rewrite.Self => Part(resource, member, ExpandKind.Leaf, []) with { Subjects = [Subject(new SubjectRef(Name(resource)), null, resource, null)] },
        Rewrite.Reference reference => Part(resource, member, ExpandKind.Union, [Expand(resource, reference.Member)]),
        Rewrite.Union union => Part(resource, member, ExpandKind.Union, Arms(resource, member, union.Arms)),
        Rewrite.Intersection intersection => Part(resource, member, ExpandKind.Intersection, Arms(resource, member, intersection.Arms)),
        Rewrite.Exclusion exclusion => Part(resource, member, ExpandKind.Exclusion, Arms(resource, member, [exclusion.Base, exclusion.Subtracted])),
        Rewrite.Arrow arrow => Arrow(resource, member, arrow),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A reference inside an expression stands for itself; only a whole rewrite that is one gets a part around it.</summary>
    private ImmutableArray<Expansion> Arms(ObjectKey resource, MemberId member, ImmutableArray<Rewrite> arms) =>
        [.. arms.Select(arm => arm is Rewrite.Reference reference ? Expand(resource, reference.Member) : Expand(resource, member, arm))];

    /// <summary>One part for each edge. What grants nothing is shown where all must grant; where there is no edge, nobody does.</summary>
    private Expansion Arrow(ObjectKey resource, MemberId member, Rewrite.Arrow arrow)
    {
        var children = ImmutableArray.CreateBuilder<Expansion>();
        foreach (EdgeType type in EdgeTypes(arrow.Relation))
            foreach (EdgeVersion edge in _edges.Of(type, resource))
            {
                var target = new ObjectKey(type.SubjectType, edge.Subject);
                if (TargetOf(arrow, type) is { } granting)
                    children.Add(Expand(target, granting) with { Through = _edges.Tuple(type, edge, Name(resource)) });
                else if (arrow.Kind == ArrowKind.All)
                    children.Add(new Expansion(Name(target), arrow.TargetName, ExpandKind.Leaf, [], []) { Through = _edges.Tuple(type, edge, Name(resource)) });
            }
        ExpandKind kind = children.Count == 0 ? ExpandKind.Leaf : arrow.Kind == ArrowKind.Any ? ExpandKind.Union : ExpandKind.Intersection;
        return Part(resource, member, kind, children.ToImmutable());
    }

    private static MemberId? TargetOf(Rewrite.Arrow arrow, EdgeType type)
    {
        foreach (ArrowTarget target in arrow.Targets)
            if (target.EdgeType == type.Id) return target.Member;
        return null;
    }

    private Expansion Leaf(ObjectKey resource, Relation relation)
    {
        var subjects = ImmutableArray.CreateBuilder<ExpandedSubject>();
        foreach (EdgeType type in relation.EdgeTypes)
            foreach (EdgeVersion edge in _edges.Of(type, resource))
            {
                RelationTuple tuple = _edges.Tuple(type, edge, Name(resource));
                subjects.Add(Subject(tuple.Subject, tuple, new ObjectKey(type.SubjectType, edge.Subject), type.SubjectRelation));
            }
        return Part(resource, relation.Id, ExpandKind.Leaf, []) with { Subjects = subjects.ToImmutable() };
    }

    private ExpandedSubject Subject(SubjectRef subject, RelationTuple? tuple, ObjectKey key, MemberId? relation)
    {
        CountPart();
        return new ExpandedSubject(subject, tuple)
        {
            Members = relation is { } member && depth == ExpandDepth.Recursive ? Expand(key, member) : null,
            Barred = relation is null && !subject.Object.IsWildcard ? Barred(key) : DenialCode.None,
        };
    }

    private DenialCode Barred(ObjectKey principal)
    {
        if (!bound.Schema.UsesDelegation || bound.Schema[principal.Type].Role is not Role.Principal) return DenialCode.None;
        if (_barred.TryGetValue(principal, out DenialCode known)) return known;
        using DecisionSeries series = snapshot.Series(contextJson: null);
        ResolvedQuestion ofNothing = question with { Resource = new ObjectKey(question.Resource.Type, LookupQuestion.Stranger), Subject = new SubjectKey(principal) };
        return _barred[principal] = LookupQuestion.Barred(series.Decide(ofNothing));
    }

    private ImmutableArray<EdgeType> EdgeTypes(MemberId relation) => bound.Schema[relation] is Relation r ? r.EdgeTypes : [];

    private Expansion Part(ObjectKey resource, MemberId member, ExpandKind kind, ImmutableArray<Expansion> children) =>
        new(Name(resource), bound.Schema[member].Name, kind, children, []);

    // the object asked about may be one that no tuple names
    private ObjectRef Name(ObjectKey key) => key.Number >= EdgeStore.FirstUnknown ? asked : _edges.Name(key);

    private void CountPart()
    {
        if (++_parts > limits.ExpandParts) throw Rejections.ExpandParts(limits.ExpandParts);
    }
}
