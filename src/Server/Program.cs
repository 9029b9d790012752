using AuthzGraph.Model;
using AuthzGraph.Server.Hosting;

namespace AuthzGraph.Server;

/// <summary>The server on its own; the authzgraph command starts the same one.</summary>
internal static class Program
{
    private const int Failed = 1;
    private const int Misused = 2;

    private static async Task<int> Main(string[] args)
    {
        if (!ServerArguments.TryParse(args, out ServerOptions? options, out string problem))
        {
            await Console.Error.WriteLineAsync($"{problem}\n{ServerArguments.Usage}");
            return Misused;
        }
        try
        {
            await using ServerHost host = await ServerHost.StartAsync(options with { Logging = ToStandardError });
            foreach (string line in host.Announcement) Console.WriteLine(line);
            await host.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (e is IOException or RejectionException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failed;
        }
    }

    private static void ToStandardError(ILoggingBuilder logging) => logging
        .SetMinimumLevel(LogLevel.Warning)
        .AddSimpleConsole(console => console.SingleLine = true)
        .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
}
