using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>Where a graph lives, by whose clock, within which bounds.</summary>
public sealed record GraphOptions
{
    public required StorageLocation Storage { get; init; }
    public TimeProvider Time { get; init; } = TimeProvider.System;
    public Limits Limits { get; init; } = Limits.Default;

    /// <summary>What the graph is called in metrics; null: nothing, because there is only one.</summary>
    public string? Name { get; init; }

    /// <summary>Whose instruments tell of this graph; null: it has its own.</summary>
    public GraphMeter? Meter { get; init; }

    /// <summary>
    /// Told each time a checkpoint could not be taken: nothing is lost, the log is kept, and it is tried again. Called on a thread of the
    /// store's; must not throw.
    /// </summary>
    public Action<Exception>? CheckpointFailed { get; init; }

    /// <summary>By what edges are found in tables; null: nobody can know. For tests: the order in which numbers are given out again follows from it.</summary>
    internal EdgeKey? EdgeKey { get; init; }

    /// <summary>How many names one type may have, and how many caveats there may be. For tests: nobody has memory to reach what the format has room for.</summary>
    internal uint MostNumbers { get; init; } = EdgeCode.MaxNumber;
}

/// <summary>What a store is made for.</summary>
public enum StoreSize
{
    /// <summary>Many writers: it takes 2 MiB of memory and 16 MiB of disk when it is empty.</summary>
    Large,

    /// <summary>One of many in a process: it takes 200 KiB of memory and 4 MiB of disk when it is empty.</summary>
    Small,
}

public abstract record StorageLocation
{
    private StorageLocation() { }

    /// <summary>A directory of this process alone; made when it is not there.</summary>
    public sealed record Directory(string Path) : StorageLocation
    {
        /// <summary>How large a store is made there, if there is none yet. It works at any size; the other costs more.</summary>
        public StoreSize Size { get; init; } = StoreSize.Large;
    }

    /// <summary>Nowhere: gone when the graph is disposed. For tests and for checking schemas.</summary>
    public sealed record Memory : StorageLocation;
}
