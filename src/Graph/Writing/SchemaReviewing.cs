using System.Collections.Immutable;
using System.Text;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Changes;

namespace AuthzGraph.Graph.Writing;

/// <summary>What a schema's text says, and what writing it would do.</summary>
internal static class SchemaReviewing
{
    /// <exception cref="RejectionException">The text is too long, or none.</exception>
    public static Compilation Compile(string text, Limits limits)
    {
        if (!Names.IsWhole(text)) throw Rejections.SchemaNotText();
        return Encoding.UTF8.GetByteCount(text) > limits.SchemaBytes ? throw Rejections.SchemaTooLarge(limits.SchemaBytes) : Compilation.Of(text);
    }

    public static SchemaReview Review(string text, Snapshot snapshot, Limits limits)
    {
        Compilation compilation = Compile(text, limits);
        if (compilation.Schema is not { } after) return new SchemaReview(compilation.Diagnostics, [], [], snapshot);
        if (snapshot.BoundOrNull is not { } before) return new SchemaReview(compilation.Diagnostics, SchemaDiff.Between(CompiledSchema.Empty, after), [], snapshot);
        ImmutableArray<SafetyViolation> violations = [.. new SchemaSafety(before, after).Violations(snapshot.Revision.Value, snapshot.Instant)];
        return new SchemaReview(compilation.Diagnostics, SchemaDiff.Between(before.Schema, after), violations, snapshot);
    }
}
