using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Validation;

/// <summary>The relationships of a file as a set: each identity once.</summary>
internal static class Relationships
{
    /// <summary>Drops repetitions; the same relationship with another window or caveat is an error.</summary>
    public static (ImmutableArray<LocatedTuple> Tuples, ImmutableArray<FileDiagnostic> Errors) Distinct(ImmutableArray<LocatedTuple> tuples)
    {
        Dictionary<RelationTuple, LocatedTuple> first = [];
        List<FileDiagnostic> errors = [];
        foreach (LocatedTuple tuple in tuples)
            if (!first.TryAdd(Identity(tuple.Tuple), tuple) && first[Identity(tuple.Tuple)] is var earlier && earlier.Tuple != tuple.Tuple)
                errors.Add(tuple.Error($"`{Identity(tuple.Tuple)}` is written twice, with another window or caveat",
                    $"the first is at {earlier.Source.Name}:{earlier.Position}"));
        return ([.. first.Values], [.. errors]);
    }

    /// <summary>The relationships with those of <see cref="Change.Without"/> left out and those of <see cref="Change.Given"/> added or replaced.</summary>
    /// <exception cref="RejectionException">One to be left out is not there.</exception>
    public static IReadOnlyList<RelationTuple> Apply(Change change, ImmutableArray<LocatedTuple> tuples)
    {
        Dictionary<RelationTuple, RelationTuple> changed = tuples.ToDictionary(t => Identity(t.Tuple), t => t.Tuple);
        foreach (LocatedTuple left in change.Without)
            if (!changed.Remove(Identity(left.Tuple)))
                throw Rejection.Invalid("NOTHING_TO_LEAVE_OUT", $"`{Identity(left.Tuple)}` is not among the file's relationships");
        foreach (LocatedTuple given in change.Given) changed[Identity(given.Tuple)] = given.Tuple;
        return [.. changed.Values];
    }

    /// <summary>The refusal of a write, at the relationship it names; at the schema when it names none.</summary>
    public static FileDiagnostic Blame(ImmutableArray<LocatedTuple> tuples, RejectionException refused, SourceText fallback)
    {
        foreach (LocatedTuple tuple in tuples)
            if (Names(refused.Message, Identity(tuple.Tuple).ToString())) return tuple.Error(refused.Message) with { Code = refused.Reason };
        return fallback.Error(new SchemaCompiler.LinePosition(1, 1), 1, refused.Message) with { Code = refused.Reason };
    }

    // `document:readme#viewer@user:ann` is not named by `document:readme#viewer@user:anna`
    private static bool Names(string message, string identity)
    {
        int at = message.IndexOf('`' + identity, StringComparison.Ordinal);
        return at >= 0 && message.AsSpan(at + 1 + identity.Length) is ['`' or '[', ..];
    }

    private static RelationTuple Identity(RelationTuple tuple) => new(tuple.Resource, tuple.Relation, tuple.Subject);
}
