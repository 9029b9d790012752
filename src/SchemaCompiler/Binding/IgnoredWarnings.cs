using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>Comments that silence a warning: <c>spicedb-ignore-warning:</c> and SpiceDB's name of the warning, or its code.</summary>
internal static class IgnoredWarnings
{
    private const string Mark = "spicedb-ignore-warning:";

    public static bool Has(ReadOnlySpan<Comment> comments, Diagnostic warning)
    {
        foreach (Comment comment in comments)
        {
            int at = comment.Characters.IndexOf(Mark);
            if (at < 0) continue;
            string[] words = comment.Characters[(at + Mark.Length)..].ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && (words[0] == warning.Code || words[0] == warning.SpiceDbName)) return true;
        }
        return false;
    }
}
