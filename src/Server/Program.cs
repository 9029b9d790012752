using AuthzGraph.Model;
using AuthzGraph.Server.Configuration;
using AuthzGraph.Server.Hosting;

namespace AuthzGraph.Server;

/// <summary>The server on its own; the authzgraph command starts the same one.</summary>
internal static class Program
{
    private const int Failed = 1;
    private const int Misused = 2;

    private static async Task<int> Main(string[] args)
    {
        if (Read(args) is not { } configuration) return Misused;
        if (configuration.Answer is { } answer)
        {
            Console.Write(answer);
            return 0;
        }
        try
        {
            await using ServerHost host = await ServerHost.StartAsync(configuration.ToServe.ToOptions());
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

    /// <summary>What to serve, or what to print instead; null once it is said what is wrong.</summary>
    private static (ServerConfiguration ToServe, string? Answer)? Read(string[] args)
    {
        try
        {
            ServerArguments arguments = ServerArguments.Parse(args, ConfigurationSources.EnvironmentOfProcess());
            if (arguments.WantsHelp) return (ServerConfiguration.Default, $"{ServerArguments.Usage}\n\n{SettingsText.Help}");
            ServerConfiguration configuration = ConfigurationReader.Read(arguments.Sources);
            return (configuration, arguments.WantsCheck ? SettingsText.Effective(configuration) : null);
        }
        catch (Exception e) when (e is IOException or RejectionException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{e.Message}\n{ServerArguments.Usage}\n--help lists every setting");
            return null;
        }
    }
}
