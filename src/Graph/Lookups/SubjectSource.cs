using System.Collections.Immutable;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>
/// Finds the subjects that have a permission on a resource, in three parts: those whom edges lead to; then, if a stranger has it by a wildcard,
/// those among all who are named anywhere that fare otherwise than the stranger; last the wildcard with those it does not stand for. A stranger
/// among agents is answered for by nobody, so where everybody of them has it, they are given out one by one.
/// </summary>
internal sealed class SubjectSource(BoundSchema bound, SubjectLookupRequest request, LookupCursor? cursor) : ILookupSource
{
    private ResolvedQuestion _question;
    private bool _asksAll;
    private bool _areAgents;
    private Part _part;
    private SubjectJudge? _judge;
    private EverybodyJudge? _everybody;
    private ImmutableArray<string> _strangerMissing = [];
    private uint _scanned;

    private enum Part { Named, Everybody, Unnamed, Wildcard, Over }

    public NameTable Names => bound[_question.Subject.Object.Type];

    public ulong Arms { get; private set; }

    // only the resource can be among the subjects found without any tuple naming it
    public (uint Number, string Id)? MadeUp =>
        _question.Resource.Number >= EdgeStore.FirstUnknown ? (_question.Resource.Number, request.Resource.Id) : null;

    /// <summary>Whom the wildcard does not stand for, sorted.</summary>
    public ImmutableArray<string> Excluded { get; private set; } = [];

    public void Begin(DecisionScope scope, LookupRoom room)
    {
        _question = LookupQuestion.OfSubjects(bound, request);
        SubjectKey subject = _question.Subject;
        _asksAll = bound.Schema.UsesDelegation && subject.Relation is null && bound.Schema[subject.Object.Type].Role is Role.Principal;
        _areAgents = _asksAll && bound.Schema[subject.Object.Type].Role is Role.Principal { Kind: PrincipalKind.Agent };
        _judge = new SubjectJudge(_question, _asksAll);
        if (cursor is { Last: Model.Names.Wildcard })
        {
            _part = Part.Over;
            return;
        }
        ArmChoice arms = Choose();
        Arms = arms.Bits;
        Walk(scope, room, room.Walk, arms, _judge, cursor is null ? null : LookupQuestion.NumberOf(cursor.Last, this));
    }

    public bool Read(DecisionScope scope, LookupRoom room)
    {
        switch (_part)
        {
            case Part.Named:
                if (!room.Walk.Read(scope, room.Found)) _part = BeginEverybody(scope, room);
                break;
            case Part.Everybody:
                if (!room.Second.Read(scope, room.Found)) _part = _asksAll ? Part.Unnamed : Part.Wildcard;
                break;
            case Part.Unnamed:
                if (!AskUnnamed(scope, room)) _part = Part.Wildcard;
                break;
            case Part.Wildcard:
                if (room.Second.IsPassing) throw Rejections.InvalidCursor();
                if (!_areAgents) GiveWildcard(room);
                _part = Part.Over;
                break;
        }
        return _part != Part.Over;
    }

    private ArmChoice Choose()
    {
        ImmutableArray<Rewrite.Intersection> sites = bound.Lookups.Intersections(_question.Member);
        if (cursor is not null) return new ArmChoice(sites, cursor.Arms);
        return sites.IsEmpty ? new ArmChoice(sites, 0) : ArmChoice.Cheapest(sites, new SubjectArmCost(bound, _question.Subject.Object.Type).Of);
    }

    private void Walk(DecisionScope scope, LookupRoom room, LookupWalk walk, ArmChoice arms, ILookupJudge judge, uint? passTo)
    {
        SubjectKey subject = _question.Subject;
        var kind = new SubjectPlan(_question.Member, subject.Object.Type, subject.Relation, judge.SeesAll, _asksAll || judge.SeesAll);
        LookupPlan plan = bound.Lookups.Subjects(kind, arms);
        walk.Begin(plan, judge, passTo);
        walk.Enter(scope, plan.Start, _question.Resource.Number, sure: true, room.Found);
    }

    /// <summary>Asks about a stranger; what comes next depends on the answer.</summary>
    private Part BeginEverybody(DecisionScope scope, LookupRoom room)
    {
        uint? passTo = room.Walk.PassTo;
        Truth stranger = HasWildcards ? Judge.Check(scope, LookupQuestion.Stranger) : Truth.NotMember;
        if (stranger == Truth.Unknown) throw scope.TakeFault();
        if (stranger == Truth.NotMember) return passTo is null ? Part.Over : throw Rejections.InvalidCursor();
        if (stranger == Truth.Conditional) _strangerMissing = scope.MissingNames();
        (LookupWalk first, int result) = (room.Walk, room.Walk.Result);
        _everybody = new EverybodyJudge(Judge, _areAgents ? Truth.NotMember : stranger, _strangerMissing, number => first.HasMet(result, number));
        Walk(scope, room, room.Second, default(ArmChoice) with { Sites = [] }, _everybody, passTo);
        return Part.Everybody;
    }

    private bool HasWildcards => _question.Subject.Relation is null && bound.Lookups.HasWildcards(_question.Member, _question.Subject.Object.Type);

    /// <summary>Goes through the principals of the type that no edge on the way names: some are barred whatever the resource. False when all are through.</summary>
    private bool AskUnnamed(DecisionScope scope, LookupRoom room)
    {
        const int SliceNames = 64;
        for (int i = 0; i < SliceNames && !room.Found.IsFull; i++)
        {
            if (++_scanned > Names.Last) return false;
            if (!Names.IsBound(_scanned) || room.Second.HasMet(room.Second.Result, _scanned)) continue;
            if (_areAgents) room.Second.Enter(scope, room.Second.Result, _scanned, sure: false, room.Found);
            else if (IsBarred(scope, _scanned)) Everybody.Exclude(scope, _scanned);
        }
        return true;
    }

    private bool IsBarred(DecisionScope scope, uint number)
    {
        scope.Renew();
        ResolvedQuestion asked = _question with { Subject = _question.Subject with { Object = _question.Subject.Object with { Number = number } } };
        return LookupQuestion.Barred(Decider.Decide(scope, asked, explain: false)) != DenialCode.None;
    }

    private void GiveWildcard(LookupRoom room)
    {
        Excluded = [.. Everybody.Excluded.Select(NameOf).Order(StringComparer.Ordinal)];
        room.Found.Add(EdgeStore.Wildcard, _strangerMissing);
    }

    private string NameOf(uint number) => MadeUp is { } made && made.Number == number ? made.Id : Names[number];

    private SubjectJudge Judge => _judge ?? throw new InvariantException("the lookup has begun");

    private EverybodyJudge Everybody => _everybody ?? throw new InvariantException("a stranger has the permission");
}
