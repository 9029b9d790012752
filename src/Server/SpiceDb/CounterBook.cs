using System.Collections.Concurrent;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>Filters by name whose relationships a client wants counted. Kept in memory: a restart forgets them.</summary>
internal sealed class CounterBook
{
    private readonly ConcurrentDictionary<string, TupleFilter> _filters = new(StringComparer.Ordinal);

    public void Register(string name, TupleFilter filter)
    {
        if (name.Length == 0) throw SpiceDbWire.Missing("name");
        if (!_filters.TryAdd(name, filter)) throw Rejection.Precondition("COUNTER_EXISTS", $"a counter `{name}` is registered already");
    }

    public TupleFilter Find(string name) => _filters.TryGetValue(name, out TupleFilter? filter) ? filter : throw Unknown(name);

    public void Unregister(string name)
    {
        if (!_filters.TryRemove(name, out _)) throw Unknown(name);
    }

    private static RejectionException Unknown(string name) => Rejection.Precondition("COUNTER_UNKNOWN", $"no counter `{name}` is registered");
}
