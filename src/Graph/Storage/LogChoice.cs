namespace AuthzGraph.Graph.Storage;

/// <summary>The log that a graph's options ask for.</summary>
internal static class LogChoice
{
    /// <exception cref="StoreFailedException">The directory is in use, damaged, or of another format.</exception>
    public static ITransactionLog Open(GraphOptions options) => options.Storage switch
    {
        StorageLocation.Directory directory => FasterTransactionLog.Open(
            directory.Path,
            shape: directory.Size is StoreSize.Small ? LogShape.Small : LogShape.Default,
            retention: LogRetention.Default with { Time = options.Limits.Retention },
            checkpointFailed: options.CheckpointFailed),
        _ => new MemoryTransactionLog(options.Limits.Retention),
    };
}
