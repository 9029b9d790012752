using AuthzGraph.Graph;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Cli.Commands.Store;

/// <summary>A store in a directory, in this process.</summary>
internal static class OpenStore
{
    // what a server that keeps more than a day would keep is kept; one that keeps less drops the rest by itself
    private static readonly Limits Keeping = Limits.Default with { Retention = Limits.LongestRetention };

    /// <summary>One that is there already.</summary>
    /// <exception cref="StoreFailedException">There is none, or a server has it.</exception>
    public static ValueTask<AuthorizationGraph> AsAsync(string directory, CancellationToken cancellation)
    {
        StoreDirectory.Expect(directory);
        return OrNewAsync(directory, cancellation);
    }

    /// <summary>One that is made where there is none.</summary>
    public static ValueTask<AuthorizationGraph> OrNewAsync(string directory, CancellationToken cancellation) =>
        AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Directory(directory), Limits = Keeping }, cancellation);
}
