using System.Text;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>The third chapter: what the words of the decision page mean — suspended, active, open, at or under, sponsored, covers.</summary>
internal class Words(SchemaModel schema, State state, Limits limits, Instant t) : PlainCheck(schema, state, limits, t)
{
    protected RoleKind KindOf(ObjectRef x) => TypeOf(x).Role;

    protected bool IsPrincipal(ObjectRef x) => KindOf(x) is RoleKind.Human or RoleKind.Agent or RoleKind.Service;

    /// <summary>A live <c>suspended_by</c> edge on p, or on an object p is within whose type declares <c>suspended_by</c>.</summary>
    protected virtual bool IsSuspended(ObjectRef p) =>
        SelfAndContainers(p).Any(x => TypeOf(x).Declares("suspended_by") && Live(x, "suspended_by").Count > 0);

    protected bool IsActive(ObjectRef p) => !IsSuspended(p);

    /// <summary>x, and every object it is within along live <c>within</c> edges, any distance.</summary>
    protected virtual List<ObjectRef> SelfAndContainers(ObjectRef x) =>
        Reach(x, y => TypeOf(y).Within.SelectMany(relation => Live(y, relation)));

    /// <summary>The task and every task above it along live <c>parent</c> edges.</summary>
    protected virtual List<ObjectRef> SelfAndParents(ObjectRef task) =>
        Reach(task, y => TypeOf(y).Declares("parent") ? Live(y, "parent") : []);

    /// <summary>
    /// The task or one above it without a live <c>opened_by</c> or with a live <c>closed_by</c>: itself if it is one, else
    /// the first by text. Null: it is open.
    /// </summary>
    protected virtual ObjectRef? NotOpen(ObjectRef task)
    {
        List<ObjectRef> notOpen = [.. SelfAndParents(task).Where(x => Live(x, "opened_by").Count == 0 || Live(x, "closed_by").Count > 0)];
        return notOpen.Contains(task) ? task
            : notOpen.Count > 0 ? notOpen.Min(ByText)
            : null;
    }

    /// <summary>x = y, or y is above x along live <c>parent</c> edges.</summary>
    protected virtual bool IsAtOrUnder(ObjectRef x, ObjectRef y) => SelfAndParents(x).Contains(y);

    /// <summary>Some active human holds <c>sponsor</c> by the plain check, in which wildcard edges match nobody; a conditional path proves nobody.</summary>
    protected virtual Membership IsSponsored(ObjectRef agent) =>
        Humans().Where(IsActive).Aggregate(Membership.NotMember, (sum, h) => sum.Or(IsSponsor(agent, h)));

    public bool IsActiveSponsor(ObjectRef agent, ObjectRef human) =>
        KindOf(human) == RoleKind.Human && IsActive(human) && IsSponsor(agent, human) == Membership.Member;

    private Membership IsSponsor(ObjectRef agent, ObjectRef human)
    {
        Membership sponsor = Check(agent, "sponsor", new SubjectRef(human), WildcardsInSponsor);
        return sponsor.IsConditional() ? ConditionalSponsor : sponsor;
    }

    protected virtual Membership ConditionalSponsor => Membership.NotMember;

    protected virtual Path WildcardsInSponsor => Path.Start with { WithoutWildcards = true };

    /// <summary>The resource, any object it is within, or the wildcard of the type of any of these.</summary>
    protected virtual bool Covers(ObjectRef lent, ObjectRef resource) =>
        SelfAndContainers(resource).Any(x => lent == x || lent == new ObjectRef(x.Type, Names.Wildcard));

    /// <summary>Every human that any tuple mentions.</summary>
    protected virtual IEnumerable<ObjectRef> Humans() => Mentioned().Where(x => KindOf(x) == RoleKind.Human);

    protected IEnumerable<ObjectRef> Mentioned() =>
        All.SelectMany(tuple => new[] { tuple.Resource, tuple.Subject.Object }).Where(x => !x.IsWildcard).Distinct();

    private static List<ObjectRef> Reach(ObjectRef start, Func<ObjectRef, IEnumerable<RelationTuple>> edges)
    {
        List<ObjectRef> reached = [start];
        List<ObjectRef> nearest = [start];
        while (nearest.Count > 0)
        {
            nearest = [.. nearest.SelectMany(edges).Select(e => e.Subject.Object).Distinct().Except(reached)];
            reached.AddRange(nearest);
        }
        return reached;
    }

    /// <summary>The order of <c>type:id</c> as bytes of UTF-8.</summary>
    protected static readonly Comparer<ObjectRef> ByText = Comparer<ObjectRef>.Create((a, b) =>
        Encoding.UTF8.GetBytes(a.ToString()).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b.ToString())));
}
