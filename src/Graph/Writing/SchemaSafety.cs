using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Writing;

/// <summary>A schema that would orphan stored tuples, or take a role from under them, is refused with one such tuple named.</summary>
internal static class SchemaSafety
{
    public static void Expect(BoundSchema before, BoundSchema after, ulong revision, Instant now)
    {
        Dictionary<string, EdgeType> kept = after.Schema.EdgeTypes.ToDictionary(type => BoundSchema.Text(after.Schema, type));
        foreach (EdgeType type in before.Schema.EdgeTypes)
        {
            string text = BoundSchema.Text(before.Schema, type);
            kept.TryGetValue(text, out EdgeType? successor);
            ExpectStored(before, type, revision, now, edge => Orphaned(before, after.Schema, text, successor, edge));
            ExpectRole(before, after, type, revision, now);
        }
    }

    private static string? Orphaned(BoundSchema before, CompiledSchema after, string text, EdgeType? successor, in EdgeVersion edge)
    {
        if (successor is null) return $"`{text}` can't be removed";
        CaveatRef? named = before.CaveatText(edge.Caveat);
        Caveat? caveat = named is { } used ? after.FindCaveat(used.Name) : null;
        if (named is { } lost && caveat is null) return $"caveat `{lost.Name}` can't be removed";
        if (!successor.Allows(caveat?.Id, edge.Window.ExpiresAt.IsFinite)) return $"what `{text}` may carry can't be narrowed so";
        if (named is { } kept && caveat is not null && !BoundCaveat.TryRead(caveat, kept, out _, out string problem))
            return $"the parameters of caveat `{caveat.Name}` can't be changed so: {problem}";
        return null;
    }

    /// <summary>The tuples that rely on a role are those of its objects and those that name them.</summary>
    private static void ExpectRole(BoundSchema before, BoundSchema after, EdgeType type, ulong revision, Instant now)
    {
        foreach (TypeId id in new[] { before.Schema[type.Relation].Type, type.SubjectType })
        {
            ObjectType old = before.Schema[id];
            if (old.Role is Role.None || IsSameRole(old.Role, after.Schema.FindType(old.Name)?.Role)) continue;
            ExpectStored(before, type, revision, now, _ => $"the role of `{old.Name}` can't be removed or changed");
        }
    }

    private static bool IsSameRole(Role before, Role? after) => (before, after) switch
    {
        (Role.Principal old, Role.Principal kept) => old.Kind == kept.Kind,
        (Role.Task, Role.Task) => true,
        (Role.Delegation, Role.Delegation) => true,
        _ => false,
    };

    private static void ExpectStored(BoundSchema bound, EdgeType type, ulong revision, Instant now, Func<EdgeVersion, string?> problemOf)
    {
        EdgeStore store = bound[type.Id];
        for (int place = 1; place <= store.Count; place++)
        {
            ref readonly EdgeVersion edge = ref store[place];
            if (!edge.IsVisibleAt(revision) || now >= edge.Window.ExpiresAt) continue;
            if (problemOf(edge) is { } problem)
                throw Rejections.SchemaOrphans(problem, TupleNames.Of(bound, type, edge.Resource, edge.Subject, edge.Window, edge.Caveat));
        }
    }
}
