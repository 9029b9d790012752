using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>
/// A schema as an editor holds it, half-written or whole, in one file or several. Immutable; each part is worked out when it is first
/// asked for. Never throws for what the author wrote. May be used by several threads, if its folder may.
/// </summary>
public sealed class EditedSchema
{
    private readonly Lazy<Compilation> _compilation;
    private readonly Lazy<ResolvedSchema> _resolved;

    /// <summary>A text that is in no file, and imports none.</summary>
    public EditedSchema(string text) : this(new SchemaFile("", text), new TextFolder(ReadOnlyDictionary<string, string>.Empty), () => Compilation.Of(text)) { }

    /// <summary>A file with all that it imports.</summary>
    /// <param name="folder">As the compiler's, but that it doesn't throw.</param>
    public EditedSchema(SchemaFile first, ISchemaFolder folder) : this(first, folder, () => Compilation.Of(first, folder)) { }

    private EditedSchema(SchemaFile first, ISchemaFolder folder, Func<Compilation> compile)
    {
        First = new EditedFile(this, first.Path, first.Text);
        _compilation = new Lazy<Compilation>(compile);
        _resolved = new Lazy<ResolvedSchema>(() => ResolvedSchema.Of(first, folder));
    }

    /// <summary>The file that all is compiled from.</summary>
    public EditedFile First { get; }

    /// <summary>Errors and warnings of all files, each in the order of its text.</summary>
    public ImmutableArray<Diagnostic> Diagnostics => _compilation.Value.Diagnostics;

    /// <summary>Whether the diagnostics are worked out, which takes longest.</summary>
    public bool IsCompiled => _compilation.IsValueCreated;

    /// <summary>The paths of its files, the first one first.</summary>
    public ImmutableArray<string> Paths => [.. Resolved.Files.Select(file => file.Path)];

    internal ResolvedSchema Resolved => _resolved.Value;

    /// <summary>One of its files; null when it has none at this path.</summary>
    public EditedFile? Find(string path)
    {
        if (path == First.Path) return First;
        return Resolved.Files.FirstOrDefault(file => file.Path == path) is { } found ? new EditedFile(this, path, found.Text) : null;
    }
}
