using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>Where a graph lives, by whose clock, within which bounds.</summary>
public sealed record GraphOptions
{
    public required StorageLocation Storage { get; init; }
    public TimeProvider Time { get; init; } = TimeProvider.System;
    public Limits Limits { get; init; } = Limits.Default;

    /// <summary>
    /// Told each time a checkpoint could not be taken: nothing is lost, the log is kept, and it is tried again. Called on a thread of the
    /// store's; must not throw.
    /// </summary>
    public Action<Exception>? CheckpointFailed { get; init; }
}

public abstract record StorageLocation
{
    private StorageLocation() { }

    /// <summary>A directory of this process alone; made when it is not there.</summary>
    public sealed record Directory(string Path) : StorageLocation;

    /// <summary>Nowhere: gone when the graph is disposed. For tests and for checking schemas.</summary>
    public sealed record Memory : StorageLocation;
}
