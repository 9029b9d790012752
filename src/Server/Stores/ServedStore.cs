using System.Runtime.CompilerServices;
using AuthzGraph.Graph;
using AuthzGraph.Server.Security;

namespace AuthzGraph.Server.Stores;

/// <summary>A store that is open. Nothing of it is shared with another but threads.</summary>
internal sealed class ServedStore(string name, AuthorizationGraph graph)
{
    // goes with the store, and an access with its caller
    private readonly ConditionalWeakTable<object, Access> _accesses = [];

    public string Name => name;

    public AuthorizationGraph Graph => graph;

    /// <summary>What a caller may do here, made when it is first asked for.</summary>
    /// <param name="caller">Compared by reference.</param>
    public Access AccessOf(object caller, Func<ServedStore, Access> make) =>
        _accesses.TryGetValue(caller, out Access? access) ? access : _accesses.GetValue(caller, _ => make(this));

    /// <summary>Finishes the writes it accepted, and closes.</summary>
    public ValueTask CloseAsync() => graph.DisposeAsync();
}
