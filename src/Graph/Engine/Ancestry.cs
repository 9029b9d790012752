using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler;

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
            foreach (MemberId relation in scope.Schema[above[i].Type].Within)
                AddLive(scope, relation, above[i].Number, above);
        return above;
    }

    /// <summary>Fills <paramref name="above"/> with the task and all tasks above it, along live edges.</summary>
    public static List<ObjectKey> Tasks(DecisionScope scope, ObjectKey start, List<ObjectKey> above)
    {
        above.Clear();
        above.Add(start);
        for (int i = 0; i < above.Count; i++)
            if (scope.Schema[above[i].Type].Role is Role.Task { Parent: { } parent })
                AddLive(scope, parent, above[i].Number, above);
        return above;
    }

    private static void AddLive(DecisionScope scope, MemberId relation, uint resource, List<ObjectKey> above)
    {
        EdgeWalk walk = scope.Edges(relation, resource);
        while (walk.MoveNext())
        {
            scope.Step();
            if (!scope.IsLive(walk.Window) || above.Contains(walk.Subject)) continue;
            if (above.Count >= scope.Limits.Ancestors) throw Rejections.Ancestors(scope.Limits.Ancestors);
            above.Add(walk.Subject);
        }
    }
}
