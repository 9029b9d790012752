using System.Diagnostics;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>
/// The second chapter: the Zanzibar check, by walking every path. A path remembers which relations and permissions of which
/// objects it is inside of, so a repetition is a cycle: no path, or unknown if it leads through the subtracted side of an
/// exclusion.
/// </summary>
internal class PlainCheck(SchemaModel schema, State state, Limits limits, Instant t) : Facts(schema, state, limits, t)
{
    private const int StepLimit = 5_000;

    /// <summary>How deep the deepest path of any check went so far.</summary>
    public int DeepestPath { get; private set; }

    private int _steps;

    protected Membership Check(ObjectRef resource, string member, ObjectRef subject) =>
        Check(resource, member, new SubjectRef(subject), Path.Start);

    /// <exception cref="TooManyPathsException">The question needs very many steps; tests leave it out.</exception>
    protected virtual Membership Check(ObjectRef resource, string member, SubjectRef subject, Path path)
    {
        if (IsItsOwnUserset(resource, member, subject)) return Membership.Member;
        if (path.Find(resource, member) is { } earlier) return Cycle(earlier, path);
        if (path.Depth >= Limits.CheckDepth && !IsRelationWithoutUsersets(resource, member)) return Membership.TooDeep;
        path = path.Enter(resource, member);
        DeepestPath = Math.Max(DeepestPath, path.Depth);
        return TypeOf(resource).Permission(member) is { } permission
            ? Evaluate(permission.Rewrite, resource, subject, path)
            : CheckRelation(resource, member, subject, path);
    }

    /// <summary><c>group:eng#member</c> holds for subject <c>group:eng#member</c>.</summary>
    protected virtual bool IsItsOwnUserset(ObjectRef resource, string member, SubjectRef subject) =>
        subject.Object == resource && subject.Relation == member;

    /// <summary>It is always looked at, however deep.</summary>
    private bool IsRelationWithoutUsersets(ObjectRef resource, string member) =>
        TypeOf(resource).Relation(member) is { } relation && relation.Allowed.All(a => a.Relation is null);

    /// <summary>A cycle without a subtraction on it is no path.</summary>
    protected virtual Membership Cycle(Path earlier, Path now) =>
        now.Subtractions > earlier.SubtractionsAtEntry ? Membership.CycleThroughExclusion : Membership.NotMember;

    private Membership CheckRelation(ObjectRef resource, string relation, SubjectRef subject, Path path)
    {
        Membership result = Membership.NotMember;
        foreach (RelationTuple edge in Live(resource, relation))
        {
            CountStep();
            result = result.Or(Holds(edge).And(CheckEdge(edge.Subject, subject, path)));
            if (result == Membership.Member) break;
        }
        return result;
    }

    private Membership CheckEdge(SubjectRef held, SubjectRef subject, Path path)
    {
        if (held.Object.IsWildcard) return Memberships.From(WildcardMatches(held.Object.Type, subject, path));
        if (held.Relation is null) return Memberships.From(held == subject);
        return Check(held.Object, held.Relation, subject, path);
    }

    /// <summary>Every object of the type, but no userset of one.</summary>
    protected virtual bool WildcardMatches(string type, SubjectRef subject, Path path) =>
        subject.Relation is null && subject.Object.Type == type && !(path.WithoutWildcards && path.Subtractions % 2 == 0);

    private Membership Evaluate(Expression expression, ObjectRef resource, SubjectRef subject, Path path) => expression switch
    {
        Expression.Nil => Membership.NotMember,
        Expression.Self => Memberships.From(subject == new SubjectRef(resource)),
        Expression.Member member => Check(resource, member.Name, subject, path),
        Expression.Arrow { All: true } arrow => EveryTarget(arrow, resource, subject, path),
        Expression.Arrow arrow => AnyTarget(arrow, resource, subject, path),
        Expression.Union union => union.Arms.Aggregate(Membership.NotMember,
            (sum, arm) => sum == Membership.Member ? sum : sum.Or(Evaluate(arm, resource, subject, path))),
        Expression.Intersection all => all.Arms.Aggregate(Membership.Member,
            (sum, arm) => sum == Membership.NotMember ? sum : sum.And(Evaluate(arm, resource, subject, path))),
        Expression.Exclusion minus => Exclude(minus, resource, subject, path),
        _ => throw new UnreachableException(),
    };

    protected virtual Membership Exclude(Expression.Exclusion minus, ObjectRef resource, SubjectRef subject, Path path) =>
        Evaluate(minus.Base, resource, subject, path).Minus(Evaluate(minus.Subtracted, resource, subject, path.Subtract()));

    protected Membership EvaluateBase(Expression.Exclusion minus, ObjectRef resource, SubjectRef subject, Path path) =>
        Evaluate(minus.Base, resource, subject, path);

    protected Membership AnyTarget(Expression.Arrow arrow, ObjectRef resource, SubjectRef subject, Path path) =>
        Targets(arrow, resource, subject, path).Aggregate(Membership.NotMember, Memberships.Or);

    /// <summary>Every edge must hold and every object grant; nothing grants nothing.</summary>
    protected virtual Membership EveryTarget(Expression.Arrow arrow, ObjectRef resource, SubjectRef subject, Path path)
    {
        List<Membership> targets = Targets(arrow, resource, subject, path);
        return targets.Count == 0 ? Membership.NotMember : targets.Aggregate(Membership.Member, Memberships.And);
    }

    /// <summary>One value an edge: its caveat and what its object grants; an object whose type has no such member grants nothing.</summary>
    private List<Membership> Targets(Expression.Arrow arrow, ObjectRef resource, SubjectRef subject, Path path)
    {
        List<Membership> targets = [];
        foreach (RelationTuple edge in Live(resource, arrow.Relation))
        {
            CountStep();
            ObjectRef target = edge.Subject.Object;
            bool declared = TypeOf(target).Has(arrow.Target);
            targets.Add(declared ? HoldsInArrow(edge).And(Check(target, arrow.Target, subject, path)) : Membership.NotMember);
        }
        return targets;
    }

    protected virtual Membership HoldsInArrow(RelationTuple edge) => Holds(edge);

    private void CountStep()
    {
        if (++_steps > StepLimit) throw new TooManyPathsException();
    }
}

/// <summary>The members a check is inside of, innermost first.</summary>
/// <param name="SubtractionsAtEntry">How many subtracted sides were entered before this member was.</param>
/// <param name="Subtractions">The same, up to now.</param>
/// <param name="WithoutWildcards">Wildcard edges match nobody, except on a side taken away an odd number of times.</param>
internal sealed record Path(
    Path? Outer, ObjectRef Resource, string Member, int Depth, int SubtractionsAtEntry, int Subtractions, bool WithoutWildcards)
{
    public static readonly Path Start = new(null, default, "", 0, 0, 0, false);

    public Path Enter(ObjectRef resource, string member) =>
        new(this, resource, member, Depth + 1, Subtractions, Subtractions, WithoutWildcards);

    public Path Subtract() => this with { Subtractions = Subtractions + 1 };

    public Path? Find(ObjectRef resource, string member)
    {
        for (Path? path = this; path is not null; path = path.Outer)
            if (path.Member == member && path.Resource == resource) return path;
        return null;
    }
}

/// <summary>The question has too many paths for a checker that walks all of them.</summary>
internal sealed class TooManyPathsException : Exception;
