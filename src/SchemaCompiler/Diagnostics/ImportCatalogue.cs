using static AuthzGraph.SchemaCompiler.Diagnostics.Catalogue;
using static AuthzGraph.SchemaCompiler.Severity;

namespace AuthzGraph.SchemaCompiler.Diagnostics;

/// <summary>AZ0605 and above: what is said about imports.</summary>
internal static class ImportCatalogue
{
    public static Diagnostic TextCannotImport(TextSpan at) =>
        New("AZ0605", Error, at, "a text that is in no file cannot import one",
            "put the files together first: `authzgraph schema compose FILE`, or `authzgraph schema write FILE`, which does");

    public static Diagnostic LeadsOut(TextSpan at, string path) =>
        New("AZ0606", Error, at, $"`{Shorten(path)}` leads out of the folder of the schema, which is that of its first file",
            "move the file there: no path goes up with `..`, starts at a root or follows a link out");

    public static Diagnostic InvalidPath(TextSpan at, string path) =>
        New("AZ0607", Error, at, $"`{Shorten(path)}` is no path of a file", "names with `/` between them: `people/user.authz`");

    public static Diagnostic MissingFile(TextSpan at, string path, string? orPath) =>
        New("AZ0608", Error, at, $"there is no file `{Shorten(path)}`",
            orPath is null
                ? "a path starts at the folder of the schema, which is that of its first file"
                : $"nor `{Shorten(orPath)}`: a path starts at the folder of the schema, or else at that of the file that imports");

    public static Diagnostic CircularImport(TextSpan at, string path, string circle) =>
        New("AZ0609", Error, at, $"`{Shorten(path)}` imports itself: {circle}", "move what both need into a file of its own");

    public static Diagnostic ImportsNestTooDeep(TextSpan at) =>
        New("AZ0610", Error, at, $"files import each other more than {CompilerLimits.Nesting} deep");

    public static Diagnostic TooManyFiles(TextSpan at) =>
        New("AZ0611", Error, at, $"the schema has more than {CompilerLimits.Files:N0} files");

    public static Diagnostic FilesTooLong(TextSpan at, int limit) =>
        New("AZ0612", Error, at, $"the files of the schema have more than the limit of {limit:N0} bytes together");

    public static Diagnostic KeywordElsewhere(TextSpan at, string word, string flag, string file) =>
        New("AZ0613", Error, at, $"`{word}` is a name here and a keyword of the same schema in `{Shorten(file)}`, which says `use {flag}`",
            $"say `use {flag}` here too if the keyword is meant, else choose another name");
}
