using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>Tells places apart that are about the same type.</summary>
internal enum Layer : byte { Plain, Presenter, Hop, Covered }

/// <summary>Collects places and steps and makes a plan of them.</summary>
internal sealed class PlanBuilder
{
    private readonly List<Place> _places = [];
    private readonly List<List<Step>> _steps = [];
    private readonly Dictionary<(TypeId, MemberId?, Layer), int> _known = [];

    /// <summary>The index of a place, and whether it is new.</summary>
    public int Place(TypeId type, MemberId? member, out bool added, Layer layer = Layer.Plain)
    {
        added = !_known.TryGetValue((type, member, layer), out int index);
        if (!added) return index;
        index = _places.Count;
        _places.Add(new Place(type, member));
        _steps.Add([]);
        _known.Add((type, member, layer), index);
        return index;
    }

    /// <summary>Adds a way on; where there is one already that is sure, it stays so.</summary>
    public void Add(int from, Step step)
    {
        List<Step> steps = _steps[from];
        int known = steps.FindIndex(s => s with { IsSure = step.IsSure, Depth = step.Depth } == step);
        if (known < 0) steps.Add(step);
        else if (step.IsSure) steps[known] = step;
    }

    public LookupPlan Build(int start, int result)
    {
        for (int place = 0; place < _steps.Count; place++)
            if (place != start && place != result && _steps[place].All(step => step.Kind == StepKind.Stay && step.Target != place)) Bypass(place);
        HashSet<int> useful = Leading(result, _ => true);
        HashSet<int> near = Leading(result, step => step.Kind == StepKind.Stay);
        return new LookupPlan(
            [.. _places.Select((place, i) => place with
            {
                Steps = [.. _steps[i].Where(step => useful.Contains(step.Target))],
                IsResult = i == result,
                IsNear = near.Contains(i),
            })], start, result);
    }

    /// <summary>Leads what leads to a place, where one only stays, straight to where one goes on from there: nothing is remembered of it then.</summary>
    private void Bypass(int place)
    {
        for (int from = 0; from < _steps.Count; from++)
        {
            Step[] into = [.. _steps[from].Where(step => step.Target == place)];
            if (into.Length == 0) continue;
            _steps[from].RemoveAll(step => step.Target == place);
            foreach (Step step in into)
                foreach (Step stay in _steps[place]) Add(from, step.Then(stay));
        }
        _steps[place].Clear();
    }

    /// <summary>The places from which such steps lead to the result, itself among them.</summary>
    private HashSet<int> Leading(int result, Predicate<Step> counts)
    {
        HashSet<int> leading = [result];
        for (int before = 0; before < leading.Count;)
        {
            before = leading.Count;
            for (int i = 0; i < _steps.Count; i++)
                if (_steps[i].Any(step => counts(step) && leading.Contains(step.Target))) leading.Add(i);
        }
        return leading;
    }
}
