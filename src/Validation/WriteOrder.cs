using System.Collections.Immutable;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Validation;

/// <summary>Tuples written in one transaction.</summary>
/// <param name="At">The writer's clock is moved on to this instant first; <see cref="Instant.Beginning"/>: it stays.</param>
internal readonly record struct TimedWrite(Instant At, ImmutableArray<RelationTuple> Tuples);

/// <summary>
/// In which transactions a file's relationships are written. Almost always one. But an agent opens a task by a hop it
/// holds, which must be there, live and not revoked, before: then such tasks are written after the rest, each at the
/// instant its window starts, and what stops hops and tasks at the end.
/// </summary>
internal static class WriteOrder
{
    public static IEnumerable<TimedWrite> Of(CompiledSchema schema, IReadOnlyList<RelationTuple> tuples)
    {
        RelationTuple[] openings = [.. tuples.Where(tuple => IsOpenedByAgent(schema, tuple)).OrderBy(tuple => tuple.Window.NotBefore)];
        HashSet<ObjectRef> late = [.. openings.Select(opening => opening.Resource)];
        RelationTuple[] stops = late.Count == 0 ? [] : [.. tuples.Where(tuple => IsStop(schema, tuple))];
        ILookup<ObjectRef, RelationTuple> others = tuples.Except(stops).ToLookup(tuple => tuple.Resource);

        yield return new TimedWrite(Instant.Beginning, [.. others.Where(resource => !late.Contains(resource.Key)).SelectMany(resource => resource)]);
        foreach (RelationTuple opening in openings) yield return new TimedWrite(opening.Window.NotBefore, [.. others[opening.Resource]]);
        yield return new TimedWrite(Instant.Beginning, [.. stops]);
    }

    private static bool IsOpenedByAgent(CompiledSchema schema, RelationTuple tuple) =>
        RoleOf(schema, tuple.Resource) is Role.Task task && schema[task.OpenedBy].Name == tuple.Relation
        && RoleOf(schema, tuple.Subject.Object) is Role.Principal { Kind: PrincipalKind.Agent };

    private static bool IsStop(CompiledSchema schema, RelationTuple tuple)
    {
        MemberId? stop = RoleOf(schema, tuple.Resource) switch
        {
            Role.Task task => task.ClosedBy,
            Role.Delegation hop => hop.RevokedBy,
            _ => null,
        };
        return stop is { } member && schema[member].Name == tuple.Relation;
    }

    private static Role? RoleOf(CompiledSchema schema, ObjectRef thing) => schema.FindType(thing.Type)?.Role;
}
