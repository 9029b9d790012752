using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Imports;

/// <summary>The paths of imports: names joined by <c>/</c>, the same on every system.</summary>
internal static class ImportPath
{
    /// <summary>The path without what says nothing in it, <c>./</c> and doubled <c>/</c>; null when it was refused.</summary>
    public static string? Read(string path, TextSpan at, DiagnosticBag diagnostics)
    {
        if (LeadsOut(path)) diagnostics.Add(ImportCatalogue.LeadsOut(at, path));
        else if (Names(path) is null) diagnostics.Add(ImportCatalogue.InvalidPath(at, path));
        return Names(path);
    }

    /// <summary>The same without a word.</summary>
    public static string? Names(string path)
    {
        string[] parts = path.Split('/');
        string[] names = [.. parts.Where(part => part.Length > 0 && part != ".")];
        bool isPath = names.Length > 0 && parts[^1] == names[^1] && !path.Any(c => char.IsControl(c) || c is '\\' or ':');
        return isPath && !LeadsOut(path) ? string.Join('/', names) : null;
    }

    private static bool LeadsOut(string path) => path.StartsWith('/') || path.Split('/').Contains("..");

    /// <summary>The same path from the folder of the file that says it; null when that is the folder of the schema.</summary>
    public static string? Beside(string importer, string path) =>
        importer.LastIndexOf('/') is var end and >= 0 ? $"{importer[..end]}/{path}" : null;
}
