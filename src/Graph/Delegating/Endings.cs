using AuthzGraph.Graph.Engine;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Delegating;

/// <summary>When authority ends by itself: with the first hop of its chain or the first of its tasks to end.</summary>
internal static class Endings
{
    /// <summary>Of the chain at hand and of one more task.</summary>
    public static Instant Of(Ground ground, ObjectKey? task)
    {
        Instant end = task is { } own ? OfTask(ground, own) : Instant.Never;
        for (int i = 0; i < ground.Chain.Count; i++)
        {
            if (!ground.Chain[i].DelegateEdge.IsNone) end = Instant.Min(end, ground.Chain[i].DelegateEdge.Window.ExpiresAt);
            if (ground.Chain[i].Task is { } above && above != task) end = Instant.Min(end, OfTask(ground, above));
        }
        return end;
    }

    /// <summary>Of a task and all above it.</summary>
    public static Instant OfTask(Ground ground, ObjectKey task)
    {
        Instant end = Instant.Never;
        foreach (ObjectKey above in Ancestry.Tasks(ground.Scope, task, ground.Scope.Ancestors).Items)
            end = Instant.Min(end, OfOpening(ground, above));
        return end;
    }

    /// <summary>A task is open while anybody has it open; one that nobody has open has ended.</summary>
    public static Instant OfOpening(Ground ground, ObjectKey task)
    {
        Instant end = Instant.Beginning;
        if (ground.Scope.Types[task.Type].Task is { } plan)
            foreach (LiveEdge opening in ground.Live(plan.OpenedBy, task)) end = Instant.Max(end, opening.Window.ExpiresAt);
        return end;
    }
}
