namespace AuthzGraph.Server.Hosting;

/// <summary>Everything the server logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "{Path} failed")]
    public static partial void HandlerThrew(ILogger log, string path, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "{Path} could not be done: the store is unavailable")]
    public static partial void Unavailable(ILogger log, string path, Exception exception);

    [LoggerMessage(3, LogLevel.Critical, "{Store}the store takes no more writes until the server is restarted, and reads go on: {Reason}")]
    public static partial void StoreFailed(ILogger log, string store, string reason);

    [LoggerMessage(4, LogLevel.Error, "{Problem}; it is tried again")]
    public static partial void CheckpointFailed(ILogger log, string problem);

    [LoggerMessage(6, LogLevel.Warning, "{Method} took {Milliseconds} ms: {Code}, store {Store}")]
    public static partial void SlowCall(ILogger log, string method, long milliseconds, AuthzGraph.Rpc.RpcCode code, string store);

    [LoggerMessage(5, LogLevel.Warning, "{Notice}")]
    public static partial void Notice(ILogger log, string notice);
}
