using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler;

/// <summary>What became of a schema's text: a compiled schema, or at least one error; warnings either way.</summary>
public sealed record Compilation(CompiledSchema? Schema, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>Compiles a schema. Never throws for what the author wrote.</summary>
    public static Compilation Of(string text) => throw new NotImplementedException();
}
