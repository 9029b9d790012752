using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>What becomes of a wish to rename: a closed set.</summary>
public abstract record SchemaRename
{
    private SchemaRename() { }

    /// <summary>Each place gets the new name; file by file in the order of the text.</summary>
    public sealed record Done(ImmutableArray<FileSpan> Places) : SchemaRename;

    /// <summary>It can't be, for a reason in one lower-case sentence.</summary>
    public sealed record Refused(string Why) : SchemaRename;
}
