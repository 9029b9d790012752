using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Lookups;

/// <summary>Asks of one object whether it is really in the place it was led to.</summary>
internal interface ILookupJudge
{
    /// <summary>Whether it must be asked about results that are passed over too.</summary>
    bool SeesAll { get; }

    /// <summary>
    /// Whether it holds. What it lacks is left in the scope when that is conditional, and the limit that was met when it is unknown. Of places
    /// on the way it may answer conditional without looking.
    /// </summary>
    Truth Judge(DecisionScope scope, Place place, uint number);
}

/// <summary>
/// Goes through a plan from its start, breadth first, and finds the objects that get to its result: each as soon as it is met, and
/// each once (<see cref="SeenSet"/>).
///
/// Where every step on the way is sure, and every caveat true, what is met holds. Any other arrival is asked about: it is dropped if it does not
/// hold, and goes on as surely as it holds.
///
/// Lists that lead to results are followed before lists that lead elsewhere, so results come before all ways are known. The order follows from
/// plan and edges alone, neither from how many results are taken at a time nor from what was reclaimed; so a walk done again passes over
/// what was given out before.
/// </summary>
internal sealed class LookupWalk
{
    private const int SliceSteps = 512;
    private const int JudgeSteps = 16;

    private readonly SeenSet _seen = new();
    private readonly PendingLists _near = new();
    private readonly PendingLists _far = new();
    private readonly Stack<Arrival> _arrivals = new();

    private LookupPlan? _plan;
    private ILookupJudge? _judge;
    private uint? _passTo;
    private int _states;
    private long _steps;
    private int _slice;

    private readonly record struct Arrival(int Place, uint Number, int Depth, bool IsSure);

    /// <summary>Begins at an object at the plan's start.</summary>
    /// <param name="passTo">The result to go on behind; null: from the first.</param>
    public void Begin(LookupPlan plan, ILookupJudge judge, uint? passTo)
    {
        (_plan, _judge, _passTo, _states, _steps) = (plan, judge, passTo, 0, 0);
        _arrivals.Clear();
        _seen.Clear();
        _near.Clear();
        _far.Clear();
    }

    /// <summary>The result to go on behind, until it is met.</summary>
    public uint? PassTo => _passTo;

    /// <summary>Whether the result to go on behind was not met yet.</summary>
    public bool IsPassing => _passTo is not null;

    /// <summary>The place of results.</summary>
    public int Result => Plan.Result;

    /// <summary>Whether an object got to a place so far.</summary>
    public bool HasMet(int place, uint number) => _seen.Contains(place, number);

    /// <summary>Puts an object at a place, as what the walk starts from.</summary>
    public void Enter(DecisionScope scope, int place, uint number, bool sure, FoundList found) => Arrive(scope, new Arrival(place, number, 0, sure), found);

    /// <summary>Goes on for a slice, or until the list is full; false when nothing is left.</summary>
    public bool Read(DecisionScope scope, FoundList found)
    {
        _near.Suspend();
        _far.Suspend();
        _slice = SliceSteps;
        while (_slice > 0 && !found.IsFull)
        {
            PendingLists lists = _near.IsEmpty ? _far : _near;
            if (lists.IsEmpty) return false;
            Follow(scope, lists, found);
        }
        return true;
    }

    /// <summary>Follows the first list until it ends, the slice does, or a list that leads to results turns up beside one that does not.</summary>
    private void Follow(DecisionScope scope, PendingLists lists, FoundList found)
    {
        PendingLists.List list = lists.First;
        EdgeStore edges = scope.Bound[list.Step.Edge];
        bool ends = EndsThere(scope, list);
        bool forward = list.Step.Kind == StepKind.ToSubjects;
        while (_slice > 0 && !found.IsFull && (ReferenceEquals(lists, _near) || _near.IsEmpty))
        {
            if (!lists.MoveNext(scope, out uint word, out uint to))
            {
                lists.RemoveFirst();
                return;
            }
            CountStep(scope);
            bool isSeen = edges.IsSeen(forward ? list.From : to, word, scope.Revision);
            if (ends && isSeen)
            {
                if (Meet(scope, list.Step.Target, to)) found.Add(to, []);
                continue;
            }
            bool sure = list.IsSure && list.Step.IsSure;
            if (!isSeen && !MayCross(scope, edges, list, to, word, ref sure)) continue;
            Arrive(scope, new Arrival(list.Step.Target, to, list.Depth + list.Step.Depth, sure), found);
        }
    }

    /// <summary>Whether what a list leads to are results that nothing follows from: most edges are such, and they take a shorter way.</summary>
    private bool EndsThere(DecisionScope scope, in PendingLists.List list) =>
        Plan[list.Step.Target] is { IsResult: true, Steps.IsEmpty: true } && !IsPassing
        && list.IsSure && list.Step.IsSure && list.Depth + list.Step.Depth < scope.Limits.CheckDepth;

    /// <summary>Remembers an object at a place; false if it was there.</summary>
    private bool Meet(DecisionScope scope, int place, uint number)
    {
        if (!_seen.Add(place, number)) return false;
        return ++_states <= scope.Limits.LookupStates ? true : throw Rejections.LookupStates(scope.Limits.LookupStates);
    }

    /// <summary>Whether an edge of which there is more to say is visible, live and not ruled out by its caveat; an open caveat leaves it unsure.</summary>
    private static bool MayCross(DecisionScope scope, EdgeStore edges, in PendingLists.List list, uint to, uint word, ref bool sure)
    {
        bool forward = list.Step.Kind == StepKind.ToSubjects;
        if (!edges.See(forward ? list.From : to, forward ? to : list.Origin, word, scope.Revision, out EdgeVersion edge)) return false;
        if (!edge.Window.Contains(scope.Now)) return false;
        if (edge.Caveat == 0) return true;
        scope.Renew();
        Truth holds = scope.Judge(edge.Caveat);
        sure &= holds == Truth.Member;
        return holds != Truth.NotMember;
    }

    private void Arrive(DecisionScope scope, Arrival first, FoundList found)
    {
        Settle(scope, first, found);
        while (_arrivals.TryPop(out Arrival at)) Settle(scope, at, found);
    }

    private void Settle(DecisionScope scope, in Arrival at, FoundList found)
    {
        if (!Meet(scope, at.Place, at.Number)) return;
        Place place = Plan[at.Place];
        if (place.IsResult && IsPassing && place.Steps.IsEmpty && !Judge.SeesAll)
        {
            PassOver(at.Number);
            return;
        }
        // a check's depth is counted from the object asked about, so what lies deep is asked about
        bool sure = at.IsSure && at.Depth < scope.Limits.CheckDepth;
        Truth truth = sure ? Truth.Member : Ask(scope, place, at.Number);
        if (truth == Truth.NotMember) return;
        if (place.IsResult) Give(scope, at.Number, truth, found);
        foreach (ref readonly Step step in place.Steps.AsSpan()) GoOn(step, at, truth == Truth.Member);
    }

    private Truth Ask(DecisionScope scope, Place place, uint number)
    {
        _slice -= JudgeSteps;
        return Judge.Judge(scope, place, number);
    }

    private void GoOn(in Step step, in Arrival at, bool sure)
    {
        if (step.Kind == StepKind.Stay) _arrivals.Push(new Arrival(step.Target, at.Number, at.Depth + step.Depth, sure && step.IsSure));
        else (Plan[step.Target].IsNear ? _near : _far).Add(new PendingLists.List(step, at.Number, at.Depth, sure));
    }

    private void Give(DecisionScope scope, uint number, Truth truth, FoundList found)
    {
        if (IsPassing) PassOver(number);
        else if (truth == Truth.Unknown) throw scope.TakeFault();
        else found.Add(number, truth == Truth.Conditional ? scope.MissingNames() : []);
    }

    private void PassOver(uint number)
    {
        if (number == _passTo) _passTo = null;
    }

    private void CountStep(DecisionScope scope)
    {
        _slice--;
        if (++_steps > scope.Limits.LookupSteps) throw Rejections.LookupSteps(scope.Limits.LookupSteps);
    }

    private ILookupJudge Judge => _judge ?? throw new InvariantException("the walk has begun");

    private LookupPlan Plan => _plan ?? throw new InvariantException("the walk has begun");
}
