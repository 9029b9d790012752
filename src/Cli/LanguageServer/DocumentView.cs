using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Editing;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>A document as a part of its schema, and the places of that schema in the protocol's words.</summary>
/// <param name="Folder">The schema's, in full; empty: the document is in none.</param>
internal sealed record DocumentView(OpenDocument Document, EditedSchema Schema, EditedFile File, string Folder, Workspace Workspace)
{
    private readonly Dictionary<string, (string Uri, PositionMap Positions)> _files = new(StringComparer.Ordinal);

    public int Offset(Position position) => Of(File.Path).Positions.OffsetOf(position);

    public LspRange Range(TextSpan span) => Of(File.Path).Positions.RangeOf(span);

    public Location Place(FileSpan place) => new(Of(place.File).Uri, Of(place.File).Positions.RangeOf(place.Span));

    private (string Uri, PositionMap Positions) Of(string file)
    {
        if (_files.TryGetValue(file, out (string, PositionMap) known)) return known;
        string text = file == File.Path ? Document.Text : Schema.Find(file)?.Text ?? "";
        string uri = file == File.Path ? Document.Uri : Workspace.UriOf(Path.GetFullPath(Path.Combine(Folder, file)));
        return _files[file] = (uri, new PositionMap(text, Workspace.Unit));
    }
}
