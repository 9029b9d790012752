using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Index.Edges;

namespace AuthzGraph.Graph.Engine;

/// <summary>What lies above an object: along <c>within</c> for containment, along a task's <c>parent</c> for tasks. Nearest first, each once.</summary>
internal static class Ancestry
{
    /// <summary>Fills <paramref name="above"/> with the object and all it is within, along live edges.</summary>
    public static ObjectList Containers(DecisionScope scope, ObjectKey start, ObjectList above)
    {
        above.Clear();
        above.Add(start);
        TypePlan plan = scope.Types[start.Type];
        for (int i = 0; i < above.Count; i++)
        {
            ObjectKey place = above[i];
            // mostly the type of the one before; so the processor guesses the plan and need not wait for the edge that leads here
            if (place.Type != plan.Id) plan = scope.Types[place.Type];
            foreach (PlannedRelation relation in plan.Within) AddLive(scope, relation, place.Number, above);
        }
        return above;
    }

    /// <summary>Fills <paramref name="above"/> with the task and all tasks above it, along live edges.</summary>
    public static ObjectList Tasks(DecisionScope scope, ObjectKey start, ObjectList above)
    {
        above.Clear();
        above.Add(start);
        for (int i = 0; i < above.Count; i++)
            if (scope.Types[above[i].Type].Task is { } task) AddLive(scope, task.Parent, above[i].Number, above);
        return above;
    }

    /// <summary>Whether a task is another, or under it.</summary>
    public static bool IsAtOrUnder(DecisionScope scope, ObjectKey task, ObjectKey upper) =>
        task == upper || Tasks(scope, task, scope.Ancestors).Contains(upper);

    private static void AddLive(DecisionScope scope, PlannedRelation relation, uint resource, ObjectList above)
    {
        relation.Consult(scope, resource);
        foreach (ref readonly PlannedEdges type in relation.Edges)
        {
            EdgeWords words = type.Of(resource);
            while (words.MoveNext())
            {
                if (!type.IsLive(scope, resource, words.Current, out ObjectKey subject) || above.Contains(subject)) continue;
                if (above.Count >= scope.Limits.Ancestors) throw Rejections.Ancestors(scope.Limits.Ancestors);
                above.Add(subject);
            }
        }
    }
}
