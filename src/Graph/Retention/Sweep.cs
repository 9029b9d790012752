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
    private readonly List<ulong> _places = [];
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
        _places.Clear();
        bool more = edges.Versions.NextPart(ref _position, _places);
        foreach (ulong place in _places) Visit(edges, (uint)place);
        if (more) return;
        _left.Dequeue();
        _position = 0;
    }

    private void Visit(EdgeStore edges, uint newest)
    {
        VersionTable versions = edges.Versions;
        CutOlder(versions, newest);
        ref VersionRecord record = ref versions[newest];
        if (record.Deleted <= horizon.Value) edges.Drop(newest);
        else if (record.Created > horizon.Value || record.Deleted != EdgeVersion.NotDeleted) return;
        else if (record.Window.ExpiresAt <= ended) edges.Drop(newest);
        else if (record.Window == Window.Always && record.Caveat == 0) edges.MakeQuiet(newest);
        else
        {
            FindsMore |= record.Window.ExpiresAt <= wanted;
            versions.Settle(newest);
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
