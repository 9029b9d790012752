using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>Makes a checker, perhaps one that gets one sentence wrong.</summary>
internal delegate ReferenceChecker MakeChecker(SchemaModel schema, State state, Limits limits, Instant t);

/// <summary>
/// Deliberately wrong checkers, each with one sentence of the design misread. The generator must find a difference between
/// every one of them and the reference; what it cannot tell from the reference it would not notice in the engine either.
/// </summary>
internal static class Mutants
{
    public static readonly IReadOnlyDictionary<string, MakeChecker> All = new Dictionary<string, MakeChecker>
    {
        ["`-` binds tighter than `+`"] = (s, x, l, t) => new ReferenceChecker(Misread.Schema(s, Misread.MinusBindsTightest), x, l, t),
        ["`&` binds tighter than `+`"] = (s, x, l, t) => new ReferenceChecker(Misread.Schema(s, Misread.AndBindsTighterThanPlus), x, l, t),
        ["`-` groups to the right"] = (s, x, l, t) => new ReferenceChecker(Misread.Schema(s, Misread.MinusGroupsToTheRight), x, l, t),
        ["a window's end is inclusive"] = (s, x, l, t) => new EndInclusive(s, x, l, t),
        ["a window's start is exclusive"] = (s, x, l, t) => new StartExclusive(s, x, l, t),
        ["future facts hold"] = (s, x, l, t) => new FutureHolds(s, x, l, t),
        ["nothing is ever forgotten"] = (s, x, l, t) => new NothingForgotten(s, x, l, t),
        ["everything past is forgotten"] = (s, x, l, t) => new ReferenceChecker(s, x, l with { Retention = TimeSpan.Zero }, t),
        ["the end of retention is inclusive"] = (s, x, l, t) => new ReferenceChecker(s, x, l with { Retention = l.Retention + TimeSpan.FromMicroseconds(1) }, t),
        ["exclusion ignored"] = (s, x, l, t) => new NoExclusion(s, x, l, t),
        [".all over nothing is true"] = (s, x, l, t) => new AllOverNothing(s, x, l, t),
        [".all is .any"] = (s, x, l, t) => new AllIsAny(s, x, l, t),
        ["a userset is not its own member"] = (s, x, l, t) => new NotItsOwnMember(s, x, l, t),
        ["wildcards match usersets"] = (s, x, l, t) => new WildcardMatchesUsersets(s, x, l, t),
        ["a cycle through an exclusion is no path"] = (s, x, l, t) => new CycleIsNoPath(s, x, l, t),
        ["every cycle is unknown"] = (s, x, l, t) => new CycleIsUnknown(s, x, l, t),
        ["custody not checked"] = (s, x, l, t) => new CustodyUnchecked(s, x, l, t),
        ["an agent can be the root"] = (s, x, l, t) => new AnyoneIsRoot(s, x, l, t),
        ["ambiguity not checked"] = (s, x, l, t) => new Unambiguous(s, x, l, t),
        ["principals may repeat"] = (s, x, l, t) => new PrincipalsRepeat(s, x, l, t),
        ["root not compared"] = (s, x, l, t) => new AnyRoot(s, x, l, t),
        ["tasks of hops not compared"] = (s, x, l, t) => new TasksUncompared(s, x, l, t),
        ["only the task itself counts"] = (s, x, l, t) => new NoTaskAbove(s, x, l, t),
        ["tasks above may be closed"] = (s, x, l, t) => new OpenByItself(s, x, l, t),
        ["max hops off by one"] = (s, x, l, t) => new OneHopMore(s, x, l, t),
        ["the global hop limit off by one"] = (s, x, l, t) => new ReferenceChecker(s, x, l with { ChainHops = l.ChainHops + 1 }, t),
        ["everything is delegable"] = (s, x, l, t) => new AllDelegable(s, x, l, t),
        ["of several clauses the first counts"] = (s, x, l, t) => new FirstClause(s, x, l, t),
        ["revocation ignored"] = (s, x, l, t) => new Irrevocable(s, x, l, t),
        ["onward ignored"] = (s, x, l, t) => new OnwardIgnored(s, x, l, t),
        ["suspension of a fleet ignored"] = (s, x, l, t) => new FleetIgnored(s, x, l, t),
        ["sponsor ignored"] = (s, x, l, t) => new SponsorIgnored(s, x, l, t),
        ["services and agents can be sponsors"] = (s, x, l, t) => new AnyoneSponsors(s, x, l, t),
        ["wildcards can be sponsors"] = (s, x, l, t) => new WildcardSponsors(s, x, l, t),
        ["what is lent covers itself only"] = (s, x, l, t) => new CoversItself(s, x, l, t),
        ["a lent wildcard covers nothing"] = (s, x, l, t) => new CoversNoWildcard(s, x, l, t),
        ["a window as long as the ttl is too long"] = (s, x, l, t) => new TtlExclusive(s, x, l, t),
        ["an endless window has no ttl"] = (s, x, l, t) => new EndlessTtl(s, x, l, t),
        ["approval ignored"] = (s, x, l, t) => new Unapproved(s, x, l, t),
        ["services can approve"] = (s, x, l, t) => new ServicesApprove(s, x, l, t),
        ["approval for what is lent on a container"] = (s, x, l, t) => new LentWider(s, x, l, t),
        ["the root's permission not checked"] = (s, x, l, t) => new RootUnchecked(s, x, l, t),
        ["everything is autonomous"] = (s, x, l, t) => new AllAutonomous(s, x, l, t),
        ["discovery ignores what ended or is to come"] = (s, x, l, t) => new OnlyLiveCandidates(s, x, l, t),
        ["the question's context beats the relationship's"] = (s, x, l, t) => new QuestionWins(s, x, l, t),
        ["what is missing is false"] = (s, x, l, t) => new MissingIsFalse(s, x, l, t),
        ["what is missing is true"] = (s, x, l, t) => new MissingIsTrue(s, x, l, t),
        ["what is false is ignored when something is open"] = (s, x, l, t) => new FalseIgnored(s, x, l, t),
        ["caveats of edges that an arrow follows do not count"] = (s, x, l, t) => new ArrowsIgnoreCaveats(s, x, l, t),
        ["the caveat of the delegate edge does not count"] = (s, x, l, t) => new DelegateCaveatIgnored(s, x, l, t),
        ["every lent edge that covers the resource must hold"] = (s, x, l, t) => new EveryLentHolds(s, x, l, t),
        ["conditional sponsors count"] = (s, x, l, t) => new ConditionalSponsors(s, x, l, t),
        ["discovery denies by its first candidate"] = (s, x, l, t) => new FirstDenial(s, x, l, t),
    };

    private sealed class EndInclusive(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool IsLive(RelationTuple fact) => fact.Window.NotBefore <= T && T <= fact.Window.ExpiresAt;
    }

    private sealed class StartExclusive(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool IsLive(RelationTuple fact) => fact.Window.NotBefore < T && T < fact.Window.ExpiresAt;
        protected override bool IsFuture(RelationTuple fact) => T <= fact.Window.NotBefore;
    }

    private sealed class FutureHolds(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool IsLive(RelationTuple fact) => T < fact.Window.ExpiresAt;
    }

    private sealed class NothingForgotten(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool IsKnown(RelationTuple fact) => true;
    }

    private sealed class NoExclusion(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Membership Exclude(Expression.Exclusion minus, ObjectRef resource, SubjectRef subject, Path path) =>
            EvaluateBase(minus, resource, subject, path);
    }

    private sealed class AllOverNothing(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Membership EveryTarget(Expression.Arrow arrow, ObjectRef resource, SubjectRef subject, Path path) =>
            Live(resource, arrow.Relation).Count == 0 ? Membership.Member : base.EveryTarget(arrow, resource, subject, path);
    }

    private sealed class AllIsAny(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Membership EveryTarget(Expression.Arrow arrow, ObjectRef resource, SubjectRef subject, Path path) =>
            AnyTarget(arrow, resource, subject, path);
    }

    private sealed class NotItsOwnMember(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool IsItsOwnUserset(ObjectRef resource, string member, SubjectRef subject) => false;
    }

    private sealed class WildcardMatchesUsersets(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool WildcardMatches(string type, SubjectRef subject, Path path) =>
            base.WildcardMatches(type, subject with { Relation = null }, path);
    }

    private sealed class CycleIsNoPath(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Membership Cycle(Path earlier, Path now) => Membership.NotMember;
    }

    private sealed class CycleIsUnknown(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Membership Cycle(Path earlier, Path now) => Membership.CycleThroughExclusion;
    }

    private sealed class CustodyUnchecked(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Judgement? Step6(Chain chain) =>
            base.Step6(chain) is { Verdict: Verdict.Denied denied } && Delegators(chain.Hop(denied.Hop)).Count == 0 ? base.Step6(chain) : null;
    }

    private sealed class AnyoneIsRoot(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool CanBeRoot(ObjectRef p) => true;
    }

    private sealed class Unambiguous(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Judgement? Step5(Chain chain) => null;
    }

    private sealed class PrincipalsRepeat(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Judgement? Step8(Chain chain) => null;
    }

    private sealed class AnyRoot(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Judgement? Step3(Chain chain) => null;
    }

    private sealed class TasksUncompared(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Judgement? Step7(Chain chain) => null;
    }

    private sealed class NoTaskAbove(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool IsAtOrUnder(ObjectRef x, ObjectRef y) => x == y;
    }

    private sealed class OpenByItself(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override ObjectRef? NotOpen(ObjectRef task) => base.NotOpen(task) == task ? task : null;
    }

    private sealed class OneHopMore(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Judgement? Step10(Chain chain) =>
            base.Step10(chain) is { Verdict: Verdict.Denied denied } && denied.Hop < chain.Length ? base.Step10(chain) : null;
    }

    private sealed class AllDelegable(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Judgement? Step9(Chain chain) => null;
    }

    private sealed class FirstClause(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override List<DelegableClause> Rules(CheckQuestion question) => [.. base.Rules(question).Take(1)];
    }

    private sealed class Irrevocable(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool IsRevoked(ObjectRef hop) => false;
    }

    private sealed class OnwardIgnored(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool MayReceive(ObjectRef from, ObjectRef next) => true;
    }

    private sealed class FleetIgnored(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool IsSuspended(ObjectRef p) => TypeOf(p).Declares("suspended_by") && Live(p, "suspended_by").Count > 0;
    }

    private sealed class SponsorIgnored(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Membership IsSponsored(ObjectRef agent) => Membership.Member;
    }

    private sealed class AnyoneSponsors(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override IEnumerable<ObjectRef> Humans() => Mentioned().Where(IsPrincipal);
    }

    private sealed class WildcardSponsors(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Path WildcardsInSponsor => Path.Start;
    }

    private sealed class CoversItself(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool Covers(ObjectRef lent, ObjectRef resource) =>
            lent == resource || lent == new ObjectRef(resource.Type, Names.Wildcard);
    }

    private sealed class CoversNoWildcard(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool Covers(ObjectRef lent, ObjectRef resource) => SelfAndContainers(resource).Contains(lent);
    }

    private sealed class TtlExclusive(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool IsLongerThan(Duration ttl, Window window) =>
            base.IsLongerThan(ttl, window) || window.NotBefore.Plus(ttl.Microseconds) == window.ExpiresAt;
    }

    private sealed class EndlessTtl(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool IsLongerThan(Duration ttl, Window window) =>
            window.ExpiresAt != Instant.Never && base.IsLongerThan(ttl, window);
    }

    private sealed class Unapproved(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Membership IsApproved(Chain chain) => Membership.Member;
    }

    private sealed class ServicesApprove(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool MayApprove(ObjectRef p) => IsActive(p);
    }

    private sealed class LentWider(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Membership LendsItself(Chain chain) => Membership.Member;
    }

    private sealed class RootUnchecked(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Judgement? Step12(Chain chain) => null;
        protected override Membership HoldsPermission(Chain chain) => Membership.Member;
    }

    private sealed class AllAutonomous(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool IsAutonomous(CheckQuestion question) => true;
    }

    private sealed class OnlyLiveCandidates(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool CountsWhenNoneIsLive(RelationTuple delegateEdge) => false;
    }

    private sealed class QuestionWins(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override IReadOnlyDictionary<string, long> Given(Dictionary<string, long> own, Dictionary<string, long> asked) => Over(asked, own);
    }

    private sealed class MissingIsFalse(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Membership Holds(RelationTuple fact) => base.Holds(fact).IsConditional() ? Membership.NotMember : base.Holds(fact);
    }

    private sealed class MissingIsTrue(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Membership Holds(RelationTuple fact) => base.Holds(fact).IsConditional() ? Membership.Member : base.Holds(fact);
    }

    private sealed class FalseIgnored(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override bool IsFalse(Membership delegateHolds, Membership lentHolds) =>
            base.IsFalse(delegateHolds, lentHolds) && !delegateHolds.IsConditional() && !lentHolds.IsConditional();
    }

    private sealed class ArrowsIgnoreCaveats(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Membership HoldsInArrow(RelationTuple edge) => Membership.Member;
    }

    private sealed class DelegateCaveatIgnored(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Membership DelegateHolds(Chain chain, int i) => Membership.Member;
    }

    private sealed class EveryLentHolds(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Membership LentHolds(Chain chain, int i) => Covering(chain, i).Aggregate(Membership.Member, Memberships.And);
    }

    private sealed class ConditionalSponsors(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Membership ConditionalSponsor => Membership.Member;
    }

    private sealed class FirstDenial(SchemaModel s, State x, Limits l, Instant t) : ReferenceChecker(s, x, l, t)
    {
        protected override Judgement Furthest(List<Judgement> denials) => denials[0];
    }
}
