using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Editing;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>A document as the editor has it now.</summary>
internal sealed record OpenDocument(string Uri, int? Version, EditedSchema Schema, PositionMap Positions)
{
    public static OpenDocument Of(string uri, int? version, string text, PositionUnit unit) =>
        new(uri, version, new EditedSchema(text), new PositionMap(text, unit));

    public int Offset(Position position) => Positions.OffsetOf(position);

    public LspRange Range(TextSpan span) => Positions.RangeOf(span);
}
