using System.CommandLine;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using AuthzGraph.Graph;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Commands.Store;

/// <summary><c>store checkpoint</c>: the server's store, or one in a directory.</summary>
internal static class CheckpointCommand
{
    public static Command Create(Surroundings around)
    {
        Option<string?> data = StoreCommands.Data();
        Command command = new("checkpoint", "Write the store down in one piece, so that the next start is fast and the log can be cut.") { data };
        command.SetAction(async (parsed, cancellation) =>
        {
            ulong revision = await StoreSteps.RunAsync(around, parsed, async progress =>
            {
                progress?.Report(new StoreProgress("taking a checkpoint", 0, 0));
                return parsed.GetValue(data) is { } directory ? await HereAsync(directory, cancellation) : await ThereAsync(around, parsed, cancellation);
            });
            if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.Of(new { revision }));
            else around.Terminal.Line($"[green]checkpoint taken[/] at revision {revision}");
            return ExitCode.Yes;
        });
        return command;
    }

    private static async Task<ulong> HereAsync(string directory, CancellationToken cancellation)
    {
        await using AuthorizationGraph graph = await OpenStore.AsAsync(directory, cancellation);
        return (await graph.CheckpointAsync(cancellation)).Value;
    }

    private static async Task<ulong> ThereAsync(Surroundings around, ParseResult parsed, CancellationToken cancellation)
    {
        using AuthzGraphClient client = around.ConnectForLong(parsed);
        return (await client.CheckpointStoreAsync(new CheckpointStoreRequest(), cancellation)).Revision;
    }
}
