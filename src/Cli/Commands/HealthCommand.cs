using System.CommandLine;
using AuthzGraph.Client;
using AuthzGraph.Protocol.GrpcHealth;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>health</c>: whether calls should be sent to the server. For containers, whose images have no other program that could ask.</summary>
internal static class HealthCommand
{
    public static Command Create(Surroundings around)
    {
        Command command = new("health", "Ask the server whether calls should be sent to it.");
        command.SetAction(async (parsed, cancellation) =>
        {
            using AuthzGraphClient client = around.Connect(parsed);
            HealthCheckResponse answer = await client.HealthAsync(new HealthCheckRequest(), cancellation);
            bool serves = answer.Status is HealthCheckResponse.Types.ServingStatus.Serving;
            around.Print(parsed, answer, () => around.Terminal.Line(serves ? "[green]serving[/]" : "[red]not serving[/]"));
            return serves ? ExitCode.Yes : ExitCode.No;
        });
        return command;
    }
}
