using AuthzGraph.Graph.Engine.Plans;

namespace AuthzGraph.Graph.Engine;

/// <summary>What lies above an object: along <c>within</c> for containment, along a task's <c>parent</c> for tasks. Nearest first, each once.</summary>
internal static class Ancestry
{
    /// <summary>Fills <paramref name="above"/> with the object and all it is within, along live edges.</summary>
    public static List<ObjectKey> Containers(DecisionScope scope, ObjectKey start, List<ObjectKey> above)
    {
        above.Clear();
        above.Add(start);
        for (int i = 0; i < above.Count; i++)
            foreach (PlannedRelation relation in scope.Types[above[i].Type].Within)
                AddLive(scope, relation, above[i].Number, above);
        return above;
    }

    /// <summary>Fills <paramref name="above"/> with the task and all tasks above it, along live edges.</summary>
    public static List<ObjectKey> Tasks(DecisionScope scope, ObjectKey start, List<ObjectKey> above)
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

    private static void AddLive(DecisionScope scope, PlannedRelation relation, uint resource, List<ObjectKey> above)
    {
        EdgeWalk walk = relation.Walk(resource, scope.Revision);
        while (walk.MoveNext())
        {
            scope.Step();
            if (!scope.IsLive(walk.Window) || above.Contains(walk.Subject)) continue;
            if (above.Count >= scope.Limits.Ancestors) throw Rejections.Ancestors(scope.Limits.Ancestors);
            above.Add(walk.Subject);
        }
    }
}
