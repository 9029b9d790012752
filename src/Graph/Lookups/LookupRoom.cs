using Microsoft.Extensions.ObjectPool;

namespace AuthzGraph.Graph.Lookups;

/// <summary>Everything a lookup writes while it goes on, pooled, so that a result allocates nothing.</summary>
internal sealed class LookupRoom
{
    public LookupWalk Walk { get; } = new();

    /// <summary>For a lookup that goes twice.</summary>
    public LookupWalk Second { get; } = new();

    public FoundList Found { get; } = new();

    public static ObjectPool<LookupRoom> NewPool() => new DefaultObjectPool<LookupRoom>(new DefaultPooledObjectPolicy<LookupRoom>());
}
