using System.Collections.Immutable;
using System.Diagnostics;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Explaining;

/// <summary>
/// Works out from a rewrite which few tuples to write, or to delete, so that a subject comes into a set of a resource, or leaves it. It only
/// proposes: that a subtraction doesn't read what was just written is for the decision to tell.
/// </summary>
internal sealed class Memberships(Sketch sketch, SubjectRef subject)
{
    private const int MostDeep = 20;

    private readonly List<(ObjectRef Resource, MemberId Member)> _path = [];

    /// <summary>What brings the subject in.</summary>
    public Changes Join(ObjectRef resource, Member member) =>
        Inside(resource, member, () => sketch.MayHold(resource, member, subject) ? Changes.Nothing : member switch
        {
            Relation relation => Write(resource, relation).Or(JoinAny(resource, relation.EdgeTypes.Where(type => type.SubjectRelation is not null), type => type.SubjectRelation)),
            Permission permission => Join(resource, permission.Rewrite),
            _ => throw new UnreachableException(),
        });

    /// <summary>What takes the subject out.</summary>
    public Changes Leave(ObjectRef resource, Member member) =>
        Inside(resource, member, () => !sketch.MayHold(resource, member, subject) ? Changes.Nothing : member switch
        {
            Relation relation => Delete(resource, relation),
            Permission permission => Leave(resource, permission.Rewrite),
            _ => throw new UnreachableException(),
        });

    private Changes Join(ObjectRef resource, Rewrite rewrite) => rewrite switch
    {
        Rewrite.Nil => Changes.Impossible,
        Rewrite.Self => IsSelf(resource) ? Changes.Nothing : Changes.Impossible,
        Rewrite.Reference reference => Join(resource, sketch.Schema[reference.Member]),
        Rewrite.Union union => Either(union.Arms, arm => Join(resource, arm)),
        Rewrite.Intersection intersection => All(intersection.Arms, arm => Join(resource, arm)),
        Rewrite.Exclusion exclusion => Join(resource, exclusion.Base).And(Leave(resource, exclusion.Subtracted)),
        Rewrite.Arrow { Kind: ArrowKind.Any } arrow => JoinAny(resource, EdgeTypes(arrow), type => TargetOf(arrow, type)),
        Rewrite.Arrow arrow => JoinAll(resource, arrow),
        _ => throw new UnreachableException(),
    };

    private Changes Leave(ObjectRef resource, Rewrite rewrite) => rewrite switch
    {
        Rewrite.Nil => Changes.Nothing,
        Rewrite.Self => IsSelf(resource) ? Changes.Impossible : Changes.Nothing,
        Rewrite.Reference reference => Leave(resource, sketch.Schema[reference.Member]),
        Rewrite.Union union => All(union.Arms, arm => Leave(resource, arm)),
        Rewrite.Intersection intersection => Either(intersection.Arms, arm => Leave(resource, arm)),
        Rewrite.Exclusion exclusion => Leave(resource, exclusion.Base).Or(Join(resource, exclusion.Subtracted)),
        Rewrite.Arrow { Kind: ArrowKind.Any } arrow => All(Behind(resource, arrow), behind => LeaveBehind(behind).Or(Cut(behind.Tuple))),
        Rewrite.Arrow arrow => Either(Behind(resource, arrow), LeaveBehind),
        _ => throw new UnreachableException(),
    };

    /// <summary>The tuple that names the subject, where the relation lists one like it without a caveat.</summary>
    private Changes Write(ObjectRef resource, Relation relation)
    {
        foreach (EdgeType type in relation.EdgeTypes)
        {
            bool names = type.Kind != SubjectKind.Wildcard && sketch.Schema[type.SubjectType].Name == subject.Object.Type
                && (type.SubjectRelation is { } member ? sketch.Schema[member].Name : null) == subject.Relation;
            if (names && SuggestedWindow.For(type, sketch.Now) is { } window)
                return Changes.One(UpdateKind.Touch, new RelationTuple(resource, relation.Name, subject) { Window = window });
        }
        return Changes.Impossible;
    }

    /// <summary>Into what one of the edges leads to.</summary>
    private Changes JoinAny(ObjectRef resource, IEnumerable<EdgeType> types, Func<EdgeType, MemberId?> target)
    {
        var any = Changes.Impossible;
        foreach (EdgeType type in types)
            if (target(type) is { } member)
                any = any.Or(Either(sketch.Live(resource, type), tuple => Join(tuple.Subject.Object, sketch.Schema[member])));
        return any;
    }

    private Changes JoinAll(ObjectRef resource, Rewrite.Arrow arrow)
    {
        ImmutableArray<(RelationTuple Tuple, MemberId? Target)> behind = [.. Behind(resource, arrow)];
        return behind.IsEmpty
            ? Changes.Impossible
            : All(behind, one => one.Target is { } member ? Join(one.Tuple.Subject.Object, sketch.Schema[member]) : Changes.Impossible);
    }

    /// <summary>Without the tuples that name the subject or everybody, and out of the sets that others name, or without those.</summary>
    private Changes Delete(ObjectRef resource, Relation relation)
    {
        if (subject.Object == resource && subject.Relation == relation.Name) return Changes.Impossible;
        var all = Changes.Nothing;
        foreach (EdgeType type in relation.EdgeTypes)
            foreach (RelationTuple tuple in sketch.Live(resource, type))
            {
                bool names = tuple.Subject == subject || type.Kind == SubjectKind.Wildcard && tuple.Subject.Object.Type == subject.Object.Type && subject.Relation is null;
                if (names) all = all.And(Cut(tuple));
                else if (type.SubjectRelation is { } member) all = all.And(LeaveSet(tuple, sketch.Schema[member]));
            }
        return all;
    }

    private Changes LeaveSet(RelationTuple tuple, Member member)
    {
        Changes leave = Leave(tuple.Subject.Object, member);
        return leave.IsNothing ? leave : leave.Or(Cut(tuple));
    }

    private Changes LeaveBehind((RelationTuple Tuple, MemberId? Target) behind) =>
        behind.Target is { } member ? Leave(behind.Tuple.Subject.Object, sketch.Schema[member]) : Changes.Nothing;

    private static Changes Cut(RelationTuple tuple) => Changes.One(UpdateKind.Delete, tuple);

    private IEnumerable<(RelationTuple Tuple, MemberId? Target)> Behind(ObjectRef resource, Rewrite.Arrow arrow) =>
        EdgeTypes(arrow).SelectMany(type => sketch.Live(resource, type).Select(tuple => (tuple, TargetOf(arrow, type))));

    private ImmutableArray<EdgeType> EdgeTypes(Rewrite.Arrow arrow) => sketch.Schema[arrow.Relation] is Relation relation ? relation.EdgeTypes : [];

    private static MemberId? TargetOf(Rewrite.Arrow arrow, EdgeType type) =>
        arrow.Targets.Where(target => target.EdgeType == type.Id).Select(target => (MemberId?)target.Member).FirstOrDefault();

    private bool IsSelf(ObjectRef resource) => subject == new SubjectRef(resource);

    private static Changes Either<T>(IEnumerable<T> parts, Func<T, Changes> of) => parts.Aggregate(Changes.Impossible, (any, part) => any.Or(of(part)));

    private static Changes All<T>(IEnumerable<T> parts, Func<T, Changes> of) => parts.Aggregate(Changes.Nothing, (all, part) => all.And(of(part)));

    /// <summary>Whoever comes back to where he is, or goes too deep, finds nothing there.</summary>
    private Changes Inside(ObjectRef resource, Member member, Func<Changes> find)
    {
        if (sketch.IsSpent || _path.Count >= MostDeep || _path.Contains((resource, member.Id))) return Changes.Impossible;
        _path.Add((resource, member.Id));
        try
        {
            return find();
        }
        finally
        {
            _path.RemoveAt(_path.Count - 1);
        }
    }
}
