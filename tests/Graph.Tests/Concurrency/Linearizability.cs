using System.Collections;

namespace AuthzGraph.Graph.Tests.Concurrency;

/// <summary>
/// Whether a history has a witness: an order of its calls, each somewhere between its call and its return, in which every
/// one answers as it did. Wing and Gong's search, with Lowe's memory of what was tried
/// ("Testing for linearizability", 2016): the next call is any that was called before the first open return; a set of
/// calls that left the same world before is not tried again.
/// </summary>
internal sealed class Linearizability
{
    private readonly Operation[] _calls;
    private readonly BitArray _done;
    private readonly HashSet<string> _tried = [];

    private Linearizability(IEnumerable<Operation> history)
    {
        _calls = [.. history.OrderBy(o => o.Called)];
        _done = new BitArray(_calls.Length);
    }

    public static bool Holds(IEnumerable<Operation> history, ulong world = 0) => new Linearizability(history).From(0, world);

    /// <param name="first">Every call before it has taken place.</param>
    private bool From(int first, ulong world)
    {
        while (first < _calls.Length && _done[first]) first++;
        long firstReturn = FirstReturn(first);
        if (firstReturn == Operation.Never) return true;   // only calls in doubt are left
        if (!_tried.Add(Key(first, world))) return false;
        for (int i = first; i < _calls.Length && _calls[i].Called < firstReturn; i++)
        {
            if (_done[i] || !_calls[i].Explains(world, out ulong after)) continue;
            _done[i] = true;
            if (From(first, after)) return true;
            _done[i] = false;
        }
        return false;
    }

    private long FirstReturn(int first)
    {
        long earliest = Operation.Never;
        for (int i = first; i < _calls.Length && _calls[i].Called < earliest; i++)
            if (!_done[i]) earliest = Math.Min(earliest, _calls[i].Returned);
        return earliest;
    }

    private string Key(int first, ulong world)
    {
        var key = new System.Text.StringBuilder().Append(world).Append(' ').Append(first);
        for (int i = first; i < _calls.Length; i++)
            if (_done[i]) key.Append(' ').Append(i);
        return key.ToString();
    }
}
