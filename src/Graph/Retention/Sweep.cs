using System.Diagnostics;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Retention;

/// <summary>
/// One pass over everything that has versions, in slices: what no readable revision sees is taken out, and what every readable
/// revision sees alike loses its versions. Decisions are the same before, during and after.
/// </summary>
/// <param name="horizon">No reader is at a revision before this one.</param>
/// <param name="ended">Tuples that ended at or before this instant go; nobody asks about an instant at which they explain anything.</param>
/// <param name="wanted">Whether tuples that ended at or before this later instant are there is what <see cref="FindsMore"/> says.</param>
internal sealed class Sweep(GraphIndex index, Revision horizon, Instant ended, Instant wanted)
{
    private readonly Queue<EdgeStore> _left = new(index.Edges);
    private readonly List<VersionedEdge> _part = [];
    private ulong _position;

    public bool IsDone => _left.Count == 0;

    /// <summary>Whether another pass would find tuples to take out, if questions about older instants were refused first.</summary>
    public bool FindsMore { get; private set; }

    /// <summary>Goes on for about so long; at least one part of one store.</summary>
    public void Run(TimeSpan atMost)
    {
        long start = Stopwatch.GetTimestamp();
        do RunPart();
        while (!IsDone && Stopwatch.GetElapsedTime(start) < atMost);
    }

    /// <summary>Takes out at once all that is behind the index's horizon, tuples that ended long before included, there being no reader.</summary>
    public static void Everything(GraphIndex index)
    {
        var sweep = new Sweep(index, index.Horizon.Revision, index.Ended, Instant.Beginning);
        while (!sweep.IsDone) sweep.RunPart();
    }

    private void RunPart()
    {
        if (!_left.TryPeek(out EdgeStore? edges)) return;
        _part.Clear();
        bool more = edges.Versions.NextPart(ref _position, after: 0, horizon.Value, _part);
        foreach (VersionedEdge edge in _part) Visit(edges, edge);
        if (more) return;
        _left.Dequeue();
        _position = 0;
    }

    private void Visit(EdgeStore edges, in VersionedEdge edge)
    {
        if (!edge.Slot.IsPlain) CutOlder(edges.Versions, edge.Slot.Place);
        EdgeVersion newest = edges.Versions.Newest(edge);
        if (newest.Deleted <= horizon.Value) edges.Drop(edge.Resource, edge.Subject);
        else if (newest.Created > horizon.Value || newest.Deleted != EdgeVersion.NotDeleted) return;
        else if (newest.Window.ExpiresAt <= ended) edges.Drop(edge.Resource, edge.Subject);
        else if (newest.IsPlain) edges.MakeQuiet(edge.Resource, edge.Subject);
        else
        {
            FindsMore |= newest.Window.ExpiresAt <= wanted;
            edges.Versions.Settle(edge.Slot.Place);
        }
    }

    private void CutOlder(VersionTable versions, uint newest)
    {
        for (uint place = newest; versions[place].Older is not 0 and var older; place = older)
        {
            if (versions[older].Deleted > horizon.Value) continue;
            versions.CutAfter(place);
            return;
        }
    }
}
