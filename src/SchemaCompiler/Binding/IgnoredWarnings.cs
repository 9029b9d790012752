using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>Comments that silence a warning: <c>spicedb-ignore-warning:</c> and SpiceDB's name of the warning, or its code.</summary>
internal static class IgnoredWarnings
{
    private const string Mark = "spicedb-ignore-warning:";

    public static bool Has(ImmutableArray<Comment> comments, Diagnostic warning)
    {
        foreach (Comment comment in comments)
        {
            int at = comment.Text.IndexOf(Mark, StringComparison.Ordinal);
            if (at < 0) continue;
            string[] words = comment.Text[(at + Mark.Length)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && (words[0] == warning.Code || words[0] == warning.SpiceDbName)) return true;
        }
        return false;
    }
}
