using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Imports;

/// <summary>The paths of imports: names joined by <c>/</c>, the same on every system.</summary>
internal static class ImportPath
{
    /// <summary>The path without what says nothing in it, <c>./</c> and doubled <c>/</c>; null when it was refused.</summary>
    public static string? Read(string path, TextSpan at, DiagnosticBag diagnostics)
    {
        string[] parts = path.Split('/');
        bool leadsOut = path.StartsWith('/') || parts.Contains("..");
        string[] names = [.. parts.Where(part => part.Length > 0 && part != ".")];
        bool isPath = names.Length > 0 && parts[^1] == names[^1] && !path.Any(c => char.IsControl(c) || c is '\\' or ':');
        if (leadsOut) diagnostics.Add(ImportCatalogue.LeadsOut(at, path));
        else if (!isPath) diagnostics.Add(ImportCatalogue.InvalidPath(at, path));
        return leadsOut || !isPath ? null : string.Join('/', names);
    }

    /// <summary>The same path from the folder of the file that says it; null when that is the folder of the schema.</summary>
    public static string? Beside(string importer, string path) =>
        importer.LastIndexOf('/') is var end and >= 0 ? $"{importer[..end]}/{path}" : null;
}
