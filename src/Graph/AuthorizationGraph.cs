using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>
/// A relation graph and the decisions on it, in this process: open it, write a schema and tuples, take snapshots, ask.
/// Safe for any number of threads.
/// </summary>
public sealed class AuthorizationGraph : IAsyncDisposable
{
    /// <summary>Opens the store, replaying what it holds.</summary>
    /// <exception cref="StoreFailedException">The directory is in use, damaged, or of another format.</exception>
    public static ValueTask<AuthorizationGraph> OpenAsync(GraphOptions options, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Why writes are refused, or null. Reads of what is durable go on.</summary>
    public Exception? Failure => throw new NotImplementedException();

    /// <summary>The revision the caller asks for, at the present instant.</summary>
    public Snapshot Snapshot(Consistency? consistency = null) => throw new NotImplementedException();

    /// <summary>Writes tuples: durable and visible once it returns.</summary>
    public ValueTask<WriteReceipt> WriteAsync(WriteRequest request, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Replaces the schema. Rejected with the diagnostics when it does not compile, and when it would orphan stored tuples.</summary>
    public ValueTask<WriteReceipt> WriteSchemaAsync(string text, CancellationToken cancellation = default) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
