using System.CommandLine;
using AuthzGraph.Cli.Network;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Commands.Delegating;

/// <summary><c>principal suspend | resume</c></summary>
internal static class PrincipalCommands
{
    public static Command Create(Surroundings around) => new("principal", "Stop a principal at once and everywhere, or let it go on.") { Suspend(around), Resume(around) };

    private static Command Suspend(Surroundings around)
    {
        Argument<string> principal = Named();
        ActOptions act = new();
        UntilOption until = new();
        Command command = act.AddTo(new Command("suspend", "Stop a principal, or all that are within a fleet.") { principal }, forAdministrators: true);
        until.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            SuspendRequest request = new()
            {
                Act = act.Read(parsed),
                Principal = WireText.Object(parsed.GetRequiredValue(principal), "principal"),
                ExpiresAt = until.Read(parsed),
            };
            using AuthzGraphClient client = around.Connect(parsed);
            AuthorityResponse written = await client.SuspendAsync(request, cancellation);
            around.Print(parsed, written, () => AuthorityPrinter.Print(around.Terminal, $"suspended {request.Principal.Text()}", request.ExpiresAt, written));
            return ExitCode.Yes;
        });
        return command;
    }

    private static Command Resume(Surroundings around)
    {
        Argument<string> principal = Named();
        ActOptions act = new();
        Command command = act.AddTo(new Command("resume", "Lift one's suspension or, as an administrator, all. Exits with 1 if others stay.") { principal }, forAdministrators: true);
        command.SetAction(async (parsed, cancellation) =>
        {
            ResumeRequest request = new() { Act = act.Read(parsed), Principal = WireText.Object(parsed.GetRequiredValue(principal), "principal") };
            using AuthzGraphClient client = around.Connect(parsed);
            ResumeResponse response = await client.ResumeAsync(request, cancellation);
            string rest = response.StillSuspendedBy.Count == 0 ? "" : $", still suspended by {string.Join(", ", response.StillSuspendedBy.Select(by => by.Text()))},";
            around.Print(parsed, response, () => AuthorityPrinter.Print(around.Terminal, $"resumed {request.Principal.Text()}{rest}", null, response.Written));
            return response.StillSuspendedBy.Count == 0 ? ExitCode.Yes : ExitCode.No;
        });
        return command;
    }

    private static Argument<string> Named() => new("PRINCIPAL") { Description = "Who: agent:buyer, or what agents are within: fleet:north." };
}
