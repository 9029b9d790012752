using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// Where in the log transactions start, sparsely: a place about every <paramref name="spacing"/> bytes. Reading from a
/// revision starts at the last place before it. Places are added in order, by one thread, and looked up by any.
/// </summary>
internal sealed class LogPlaces(LogPosition begin, long spacing)
{
    private readonly Lock _gate = new();
    private readonly List<LogPosition> _places = [begin];

    /// <summary>Takes a place behind a closed transaction, unless the last one is near.</summary>
    public void Add(in LogPosition place)
    {
        lock (_gate)
            if (place.Address - _places[^1].Address >= spacing) _places.Add(place);
    }

    /// <summary>Takes places from before all that are known but the beginning.</summary>
    public void AddFirst(IReadOnlyList<LogPosition> places)
    {
        lock (_gate) _places.InsertRange(1, places);
    }

    /// <summary>The log begins here from now on: places before are gone.</summary>
    public void BeginAt(LogPosition begin)
    {
        lock (_gate)
        {
            _places.RemoveAll(place => place.Address <= begin.Address);
            _places.Insert(0, begin);
        }
    }

    /// <summary>The last place with nothing of <paramref name="revision"/> or later before it; the first one when all have.</summary>
    public LogPosition Before(Revision revision)
    {
        lock (_gate)
        {
            (int low, int high) = (0, _places.Count - 1);
            while (low < high)
            {
                int middle = (low + high + 1) / 2;
                if (_places[middle].Revision < revision) low = middle;
                else high = middle - 1;
            }
            return _places[low];
        }
    }
}
