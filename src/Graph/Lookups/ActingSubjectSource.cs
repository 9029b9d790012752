using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>
/// Finds the hops whose delegate may do this to a resource: of each type of hops in turn, those that lend it on the resource or above it, each
/// decided as if its one delegate presented it.
/// </summary>
internal sealed class ActingSubjectSource(BoundSchema bound, SubjectLookupRequest request, LookupCursor? cursor) : ILookupSource
{
    private ResolvedQuestion _question;
    private TypeId[] _hops = [];

    /// <summary>The type of the hops at hand: a place in the list of types of hops.</summary>
    public ulong Arms { get; private set; }

    public TypeId Type => _hops[Arms];

    public NameTable Names => bound[_hops.Length == 0 ? _question.Resource.Type : Type];

    public (uint Number, string Id)? MadeUp => null;

    public void Begin(DecisionScope scope, LookupRoom room)
    {
        _question = LookupQuestion.OfSubjects(bound, request);
        Expect();
        _hops = [.. DelegationPlanner.Hops(bound.Schema, request.Permission).Select(hop => hop.Type.Id)];
        if (cursor is not null && cursor.Arms >= (ulong)_hops.Length) throw Rejections.InvalidCursor();
        Arms = cursor?.Arms ?? 0;
        if (_hops.Length > 0) BeginType(scope, room, cursor is null ? null : LookupQuestion.NumberOf(cursor.Last, this));
    }

    public bool Read(DecisionScope scope, LookupRoom room)
    {
        if (_hops.Length == 0) return false;
        if (room.Walk.Read(scope, room.Found)) return true;
        if (room.Walk.IsPassing) throw Rejections.InvalidCursor();
        if (room.Found.Count > 0) return true;      // these are of this type, so the next waits for a slice of its own
        if ((int)Arms + 1 == _hops.Length) return false;
        Arms++;
        BeginType(scope, room, null);
        return true;
    }

    private void Expect()
    {
        if (!bound.Schema.UsesDelegation) throw Rejections.ActingWithoutDelegation();
        if (bound.Schema[_question.Subject.Object.Type].Role is not Role.Principal { Kind: PrincipalKind.Agent })
            throw Rejections.ActingType("presenter", new ObjectRef(request.SubjectType, Model.Names.Wildcard), "an agent");
    }

    private void BeginType(DecisionScope scope, LookupRoom room, uint? passTo)
    {
        LookupPlan plan = bound.Lookups.Leaves(_question.Member, Type);
        room.Walk.Begin(plan, new LeafJudge(_question, Type), passTo);
        room.Walk.Enter(scope, plan.Start, _question.Resource.Number, sure: true, room.Found);
    }

    /// <summary>Decides for the one delegate of a hop.</summary>
    private sealed class LeafJudge(ResolvedQuestion question, TypeId hops) : ILookupJudge
    {
        public bool SeesAll => false;

        public Truth Judge(DecisionScope scope, Place place, uint number)
        {
            if (!place.IsResult) return Truth.Conditional;
            if (DelegateOf(scope, new ObjectKey(hops, number)) is not { } presenter || presenter.Type != question.Subject.Object.Type) return Truth.NotMember;
            return ActingJudge.Decide(scope, question with { Subject = new SubjectKey(presenter), Delegation = new ObjectKey(hops, number) });
        }
    }

    /// <summary>The one live delegate of a hop; null when there is none or several.</summary>
    public static ObjectKey? DelegateOf(DecisionScope scope, ObjectKey hop)
    {
        scope.Renew();
        return scope.Types[hop.Type].Hop is { } plan && plan.Delegate.CountLive(scope, hop.Number, out ObjectKey subject) == 1 ? subject : null;
    }
}
