using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Editing;

namespace AuthzGraph.SchemaCompiler.Tests.Editors;

/// <summary>
/// Schema text with <c>‸</c> where the cursor is and, as in <see cref="Marked"/>, <c>[brackets]</c> around the places that an
/// answer should name.
/// </summary>
internal sealed record Pointed(EditedFile Schema, int Offset, ImmutableArray<TextSpan> Spans)
{
    private const char Cursor = '‸';

    public static Pointed At(string marked)
    {
        (string text, _) = Marked.Read(marked);
        int offset = text.IndexOf(Cursor);
        Assert.True(offset >= 0, "no cursor");
        return new Pointed(new EditedSchema(text.Remove(offset, 1)).First, offset, [.. Marked.Read(marked.Remove(marked.IndexOf(Cursor), 1)).Spans]);
    }

    /// <summary>What would be written at the cursor, in order.</summary>
    public string Offered => string.Join(' ', Schema.CompletionsAt(Offset).Select(c => c.Text));

    public string Hovered => Schema.HoverAt(Offset)?.Markdown ?? "nothing";

    /// <summary>The text after renaming what is at the cursor, or why not.</summary>
    public string Renamed(string name) => Schema.RenameAt(Offset, name) switch
    {
        SchemaRename.Done done => done.Places.Select(place => place.Span).Reverse().Aggregate(Schema.Text, (text, place) => text.Remove(place.Start, place.Length).Insert(place.Start, name)),
        SchemaRename.Refused refused => refused.Why,
        _ => throw new NotSupportedException(),
    };

    /// <summary>Some places of the text with what stands there.</summary>
    public string Show(IEnumerable<FileSpan> places) => Show(places.Select(place => place.Span));

    public string Show(IEnumerable<TextSpan> spans) => string.Join('\n', spans.Select(s => $"{s.Start} `{Schema.Text.Substring(s.Start, s.Length)}`"));
}
