using System.CommandLine;
using AuthzGraph.Graph;
using AuthzGraph.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>serve</c>: the server, in this process, until Ctrl-C.</summary>
internal static class ServeCommand
{
    public static Command Create(Surroundings around)
    {
        Option<string?> data = new("--data") { Description = "The folder of the store; made when it is not there.", HelpName = "DIR" };
        Option<bool> memory = new("--memory") { Description = "Keep nothing: the store is gone when the server stops." };
        Option<int> port = new("--port") { Description = "The port of gRPC.", DefaultValueFactory = _ => ServerOptions.DefaultGrpcPort, HelpName = "N" };
        Option<int> httpPort = new("--http-port") { Description = "The port of JSON over HTTP.", DefaultValueFactory = _ => ServerOptions.DefaultHttpPort, HelpName = "N" };
        Option<string?> load = new("--load")
        {
            Description = "A folder whose schema.authz and relationships.txt a store without a schema starts from.",
            HelpName = "FOLDER",
        };
        Option<string?> publicUrl = new("--public-url") { Description = "Where enforcement points reach the server, for AuthZEN's metadata.", HelpName = "URL" };
        Command command = new("serve", "Run a server until Ctrl-C.") { data, memory, port, httpPort, load, publicUrl };
        command.SetAction(async (parsed, cancellation) =>
        {
            ServerOptions options = new()
            {
                Storage = Storage(parsed.GetValue(data), parsed.GetValue(memory)),
                GrpcPort = Port(parsed.GetValue(port)),
                HttpPort = Port(parsed.GetValue(httpPort)),
                LoadFolder = parsed.GetValue(load),
                PublicUrl = PublicUrl(parsed.GetValue(publicUrl)),
                Logging = ToStandardError,
            };
            await using ServerHost host = await ServerHost.StartAsync(options, cancellation);
            foreach (string line in host.Announcement) around.Terminal.Raw(line);
            await host.WaitForShutdownAsync(cancellation);
            return ExitCode.Yes;
        });
        return command;
    }

    private static StorageLocation Storage(string? data, bool memory) => (data, memory) switch
    {
        ({ } folder, false) => new StorageLocation.Directory(folder),
        (null, true) => new StorageLocation.Memory(),
        _ => throw new CommandException("say where the store is: --data DIR, or --memory for one that is gone afterwards"),
    };

    private static Uri? PublicUrl(string? url) => url is null ? null :
        Uri.TryCreate(url, UriKind.Absolute, out Uri? read) && read is { Scheme: "https", Query: "", Fragment: "" }
            ? read
            : throw new CommandException($"--public-url {url} is no https URL without query and fragment");

    private static int Port(int port) =>
        port is >= 0 and <= ushort.MaxValue ? port : throw new CommandException($"{port} is no port: write 0 to {ushort.MaxValue}");

    private static void ToStandardError(ILoggingBuilder logging) => logging
        .SetMinimumLevel(LogLevel.Warning)
        .AddSimpleConsole(console => console.SingleLine = true)
        .Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
}
