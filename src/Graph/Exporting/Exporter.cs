using System.Collections.Immutable;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Reading;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Exporting;

/// <summary>Cuts the tuples of one snapshot into pages, each of which says how to go on behind it.</summary>
internal sealed class Exporter(StoreIdentity identity, BoundSchema bound, Snapshot snapshot, TupleFilter? filter, int pageSize)
{
    /// <summary>At least one page. A page is given out once it is known whether anything follows.</summary>
    public IEnumerable<ExportPage> Pages(RelationTuple? after)
    {
        var scan = new OrderedScan(bound, snapshot.Revision.Value, snapshot.Instant, filter);
        var page = ImmutableArray.CreateBuilder<RelationTuple>(pageSize);
        RelationTuple? last = after;
        foreach (RelationTuple tuple in after is { } place ? scan.After(place) : scan.All())
        {
            if (page.Count == pageSize) yield return Page(page, last, isLast: false);
            page.Add(tuple);
            last = tuple;
        }
        yield return Page(page, last, isLast: true);
    }

    private ExportPage Page(ImmutableArray<RelationTuple>.Builder tuples, RelationTuple? last, bool isLast)
    {
        var page = new ExportPage(tuples.ToImmutable(), Cursor(last), isLast, snapshot, tuple => Cursor(tuple));
        tuples.Clear();
        return page;
    }

    private string Cursor(RelationTuple? last) => new ExportCursor(snapshot.Revision, snapshot.Instant, last).Seal(identity, filter);
}
