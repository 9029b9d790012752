using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Exporting;

/// <summary>
/// Where an export stands, as a client holds it (<see cref="CursorSeal"/>). It carries names, so it means the same after a restart. It says, as
/// numbers and texts, revision, instant, filter and the last tuple given out (resource, relation, subject; empty before the first).
/// </summary>
/// <param name="Last">The tuple to go on behind, without window and caveat; null: from the start.</param>
internal sealed record ExportCursor(Revision Revision, Instant Instant, RelationTuple? Last)
{
    private const byte Version = 0xE1;

    public string Seal(StoreIdentity identity, TupleFilter? filter) => CursorSeal.Close(identity, Version, Revision, writer =>
    {
        writer.Signed(Instant.Microseconds);
        writer.Number(DigestOf(filter));
        writer.Text(Last is { } last ? $"{last.Resource}#{last.Relation}@{last.Subject}" : "");
    });

    /// <exception cref="RejectionException">It is no cursor, or one of another store, timeline or filter.</exception>
    public static ExportCursor Read(StoreIdentity identity, TupleFilter? filter, string text)
    {
        PayloadReader reader = CursorSeal.Open(identity, Version, text, out Revision revision);
        var instant = new Instant(reader.Signed());
        if (reader.Number() != DigestOf(filter)) throw Rejections.CursorOfAnotherFilter();
        string last = reader.Text();
        return new ExportCursor(revision, instant, last.Length == 0 ? null : RelationTuple.Parse(last));
    }

    private static ulong DigestOf(TupleFilter? filter) => filter is null ? 0 : CursorSeal.DigestOf(
        filter.ResourceType, filter.ResourceId, filter.ResourceIdPrefix, filter.Relation,
        filter.Subject?.Type, filter.Subject?.Id, filter.Subject?.Relation);
}
