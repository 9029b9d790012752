using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>Collects places and steps and makes a plan of them.</summary>
internal sealed class PlanBuilder
{
    private readonly List<Place> _places = [];
    private readonly List<List<Step>> _steps = [];
    private readonly Dictionary<(TypeId, MemberId?), int> _known = [];

    /// <summary>The index of a place, and whether it is new.</summary>
    public int Place(TypeId type, MemberId? member, out bool added)
    {
        added = !_known.TryGetValue((type, member), out int index);
        if (!added) return index;
        index = _places.Count;
        _places.Add(new Place(type, member));
        _steps.Add([]);
        _known.Add((type, member), index);
        return index;
    }

    /// <summary>Adds a way on; where there is one already that is sure, it stays so.</summary>
    public void Add(int from, Step step)
    {
        List<Step> steps = _steps[from];
        int known = steps.FindIndex(s => s with { IsSure = step.IsSure } == step);
        if (known < 0) steps.Add(step);
        else if (step.IsSure) steps[known] = step;
    }

    public LookupPlan Build(int start, int result)
    {
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
