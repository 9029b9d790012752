using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Editing;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>The documents that are open, and the schemas they are part of, each compiled once until one of its files changes.</summary>
/// <param name="unit">What the editor counts characters in.</param>
/// <param name="root">The folder that the editor has open; null: none.</param>
internal sealed class Workspace(PositionUnit unit, string? root)
{
    private readonly Dictionary<string, OpenDocument> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DocumentView> _views = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EditedSchema> _schemas = new(StringComparer.Ordinal);       // by the first file's full path
    private readonly Dictionary<string, string> _firstFiles = new(StringComparer.Ordinal);          // by a document's

    public PositionUnit Unit { get; } = unit;

    public IEnumerable<string> Uris => _documents.Keys;

    public bool IsOpen(string uri) => _documents.ContainsKey(uri);

    /// <summary>Which file is first may change with it.</summary>
    public void Open(OpenDocument document)
    {
        _documents[document.Uri] = document;
        Forget();
    }

    public bool Close(string uri)
    {
        Forget();
        return _documents.Remove(uri);
    }

    /// <summary>Replaces a document's text; the documents whose schema that changes, itself first.</summary>
    public IEnumerable<string> Change(OpenDocument document)
    {
        List<string> changed = [document.Uri, .. _views.Values.Where(view => IsPart(document, view)).Select(view => view.Document.Uri).Where(uri => uri != document.Uri)];
        foreach (string uri in changed)
            if (_views.Remove(uri, out DocumentView? view)) _schemas.Remove(FirstFileOf(view.Document));
        _documents[document.Uri] = document;
        return changed;
    }

    /// <summary>What is on disk may have changed.</summary>
    public void Forget()
    {
        _views.Clear();
        _schemas.Clear();
        _firstFiles.Clear();
    }

    /// <summary>Null: it is not open.</summary>
    public DocumentView? View(string uri)
    {
        if (_views.TryGetValue(uri, out DocumentView? known)) return known;
        return _documents.TryGetValue(uri, out OpenDocument? document) ? _views[uri] = ViewOf(document) : null;
    }

    /// <summary>As the editor says it, where the file is open.</summary>
    public string UriOf(string path) => OpenAt(path)?.Uri ?? FilePath.UriOf(path);

    private DocumentView ViewOf(OpenDocument document)
    {
        if (document.Path is not { } path)
        {
            EditedSchema text = new(document.Text);
            return new DocumentView(document, text, text.First, "", this);
        }
        string first = FirstFileOf(document);
        EditedSchema schema = SchemaFrom(first);
        string folder = FilePath.FolderOf(first);
        if (schema.Find(FilePath.Within(folder, path)) is { } file) return new DocumentView(document, schema, file, folder, this);
        EditedSchema own = SchemaFrom(_firstFiles[path] = path);
        return new DocumentView(document, own, own.First, FilePath.FolderOf(path), this);
    }

    private string FirstFileOf(OpenDocument document)
    {
        if (document.Path is not { } path) return "";
        if (_firstFiles.TryGetValue(path, out string? known)) return known;
        return _firstFiles[path] = new FirstFile(root, TextOf).Of(path);
    }

    private EditedSchema SchemaFrom(string first)
    {
        if (_schemas.TryGetValue(first, out EditedSchema? known)) return known;
        EditorFolder folder = new(FilePath.FolderOf(first), TextOf);
        string name = Path.GetFileName(first);
        string text = folder.Read(name) is SchemaRead.Found found ? found.Text : "";
        return _schemas[first] = new EditedSchema(new SchemaFile(name, text), folder);
    }

    private static bool IsPart(OpenDocument document, DocumentView view) =>
        document.Path is { } path && view.Folder.Length > 0 && view.Schema.Paths.Contains(FilePath.Within(view.Folder, path));

    private string? TextOf(string path) => OpenAt(path)?.Text;

    private OpenDocument? OpenAt(string path) => _documents.Values.FirstOrDefault(document => document.Path == path);
}
