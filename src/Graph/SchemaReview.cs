using System.Collections.Immutable;
using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Changes;

namespace AuthzGraph.Graph;

/// <summary>What writing a schema would do, without having done it.</summary>
/// <param name="Diagnostics">Errors and warnings of the text; with an error there is nothing else.</param>
/// <param name="Changes">From the schema at <paramref name="Snapshot"/>, or from an empty one, to this.</param>
/// <param name="Violations">Why the write would be refused, all of it.</param>
/// <param name="Snapshot">What it was compared with.</param>
public sealed record SchemaReview(
    ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<SchemaChange> Changes, ImmutableArray<SafetyViolation> Violations, Snapshot Snapshot)
{
    /// <summary>Whether the write would be accepted, while no other comes in between.</summary>
    public bool IsSafe => Violations.IsEmpty && Diagnostics.All(d => d.Severity != Severity.Error);

    internal static SchemaReview Of(Compilation compilation, Snapshot snapshot)
    {
        if (compilation.Schema is not { } after) return new SchemaReview(compilation.Diagnostics, [], [], snapshot);
        if (snapshot.BoundOrNull is not { } before) return new SchemaReview(compilation.Diagnostics, SchemaDiff.Between(CompiledSchema.Empty, after), [], snapshot);
        ImmutableArray<SafetyViolation> violations = [.. new SchemaSafety(before, after).Violations(snapshot.Revision.Value, snapshot.Instant)];
        return new SchemaReview(compilation.Diagnostics, SchemaDiff.Between(before.Schema, after), violations, snapshot);
    }
}

/// <summary>A change that stored tuples do not allow.</summary>
/// <param name="Change">What can't be done, in a sentence without full stop.</param>
/// <param name="Tuples">How many stand in its way.</param>
/// <param name="Example">One of them, the oldest of its kind.</param>
public sealed record SafetyViolation(string Change, long Tuples, RelationTuple Example);
