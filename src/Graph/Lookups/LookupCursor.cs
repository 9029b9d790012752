using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Lookups;

/// <summary>
/// Where a lookup stands, as a client holds it (<see cref="CursorSeal"/>). It says revision, instant, schema and query (as a digest), which
/// arms of intersections are followed, and the id of the last result given out. Names, so it means the same after a restart.
/// </summary>
internal sealed record LookupCursor(Revision Revision, Instant Instant, ulong Query, ulong Arms, string Last)
{
    private const byte Version = 0xC2;

    public string Seal(StoreIdentity identity) => CursorSeal.Close(identity, Version, Revision, writer =>
    {
        writer.Signed(Instant.Microseconds);
        writer.Number(Query);
        writer.Number(Arms);
        writer.Text(Last);
    });

    /// <exception cref="RejectionException">It is no cursor, or one of another store, timeline or query.</exception>
    public static LookupCursor Read(StoreIdentity identity, ulong query, string text)
    {
        PayloadReader reader = CursorSeal.Open(identity, Version, text, out Revision revision);
        var cursor = new LookupCursor(revision, new Instant(reader.Signed()), reader.Number(), reader.Number(), reader.Text());
        return cursor.Query == query ? cursor : throw Rejections.CursorOfAnotherQuery();
    }
}
