using System.Collections.Immutable;
using System.Diagnostics;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Imports;

/// <summary>A file that was read.</summary>
internal sealed record ReadFile(string Path, SchemaSyntax Syntax);

/// <summary>
/// Reads a schema's first file and all that it imports, as SpiceDB does: an import stands for everything in its file, imports
/// included; a file imported twice counts once, where it is imported first; no file imports itself. A path starts at the folder
/// of the schema; where nothing is found, at the folder of the file that says it.
/// </summary>
internal sealed class ImportReader(ISchemaFolder folder, DiagnosticBag diagnostics)
{
    private readonly Dictionary<string, ReadFile> _files = new(StringComparer.Ordinal);
    private readonly ImmutableArray<SchemaFile>.Builder _texts = ImmutableArray.CreateBuilder<SchemaFile>();
    private readonly ImmutableArray<TopLevelSyntax>.Builder _topLevel = ImmutableArray.CreateBuilder<TopLevelSyntax>();
    private readonly HashSet<string> _included = new(StringComparer.Ordinal);
    private readonly List<string> _open = [];
    private long _bytes;
    private bool _isIncomplete;
    private bool _isFull;       // a limit was reached and said so: nothing more is read

    public IReadOnlyCollection<ReadFile> Files => _files.Values;

    /// <summary>The same as the author wrote them, in the order in which they were read.</summary>
    public ImmutableArray<SchemaFile> Texts => _texts.ToImmutable();

    /// <summary>All files as one; what could not be read is reported and left out. Null when the first is longer than a schema may be.</summary>
    public SchemaSyntax? Read(SchemaFile first, SourceText source)
    {
        if (Parse(first, source) is not { } root) return null;
        Include(root);
        Flags flags = new();
        UseSyntax[] uses = [.. _files.Values.SelectMany(file => file.Syntax.Uses)];
        foreach (UseSyntax use in uses) flags.TurnOn(use.Flag.Text);
        bool isIncomplete = _isIncomplete || _files.Values.Any(file => file.Syntax.IsIncomplete);
        return new SchemaSyntax(root.Syntax.Tokens, [.. uses], _topLevel.ToImmutable(), flags, isIncomplete);
    }

    private void Include(ReadFile file)
    {
        _included.Add(file.Path);
        _open.Add(file.Path);
        foreach (TopLevelSyntax topLevel in file.Syntax.TopLevel)
        {
            _topLevel.Add(topLevel);
            if (topLevel is ImportSyntax import && !TryImport(import, file.Path)) _isIncomplete = true;
        }
        _topLevel.Add(new FileEndSyntax(file.Syntax.Tokens[^1]));
        _open.RemoveAt(_open.Count - 1);
    }

    /// <summary>False when something is missing, which is then reported.</summary>
    private bool TryImport(ImportSyntax import, string importer)
    {
        TextSpan at = import.Path.Span;
        if (import.Path.Span.Length == 0 || ImportPath.Read(import.Path.Text, at, diagnostics) is not { } path) return false;
        if (Find(path, importer, at) is not { } file) return false;
        if (_open.Contains(file.Path)) return Refuse(ImportCatalogue.CircularImport(at, file.Path, Circle(file.Path)));
        if (_included.Contains(file.Path)) return true;
        if (_open.Count > CompilerLimits.Nesting) return Refuse(ImportCatalogue.ImportsNestTooDeep(at));
        Include(file);
        return true;
    }

    private ReadFile? Find(string path, string importer, TextSpan at)
    {
        string? beside = ImportPath.Beside(importer, path);
        foreach (string candidate in beside is null ? [path] : (string[])[path, beside])
        {
            if (_files.TryGetValue(candidate, out ReadFile? known)) return known;
            if (_isFull) return null;
            switch (folder.Read(candidate))
            {
                case SchemaRead.Found found: return Open(new SchemaFile(candidate, found.Text), at);
                case SchemaRead.Outside: return Refused(ImportCatalogue.LeadsOut(at, candidate));
                case SchemaRead.Missing: break;
                default: throw new UnreachableException();
            }
        }
        return Refused(ImportCatalogue.MissingFile(at, path, beside));
    }

    private ReadFile? Open(SchemaFile file, TextSpan at)
    {
        int limit = Limits.Default.SchemaBytes;
        SourceText source = diagnostics.Open(file);
        bool isTooLong = _bytes + source.Utf8Bytes > limit;
        _isFull = isTooLong || _files.Count == CompilerLimits.Files;
        if (_isFull) return Refused(isTooLong ? ImportCatalogue.FilesTooLong(at, limit) : ImportCatalogue.TooManyFiles(at));
        return Parse(file, source);
    }

    private ReadFile? Parse(SchemaFile file, SourceText source)
    {
        _texts.Add(file);
        _bytes += source.Utf8Bytes;
        if (SchemaParser.Parse(source, diagnostics) is not { } syntax) return null;
        ReadFile read = new(file.Path, syntax);
        _files.Add(file.Path, read);
        return read;
    }

    private string Circle(string path) =>
        string.Join(" → ", _open.Skip(_open.IndexOf(path)).Append(path).Select(step => $"`{Catalogue.Shorten(step)}`").Take(10));

    private bool Refuse(Diagnostic why)
    {
        diagnostics.Add(why);
        return false;
    }

    private ReadFile? Refused(Diagnostic why)
    {
        diagnostics.Add(why);
        return null;
    }
}
