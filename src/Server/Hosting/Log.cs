namespace AuthzGraph.Server.Hosting;

/// <summary>Everything the server logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "{Path} failed")]
    public static partial void HandlerThrew(ILogger log, string path, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "{Path} could not be done: the store is unavailable")]
    public static partial void Unavailable(ILogger log, string path, Exception exception);
}
