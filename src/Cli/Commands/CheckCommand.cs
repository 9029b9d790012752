using System.CommandLine;
using AuthzGraph.Cli.Network;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>check RESOURCE PERMISSION SUBJECT</c>: the decision, and why.</summary>
internal static class CheckCommand
{
    public static Command Create(Surroundings around)
    {
        Argument<string> resource = new("RESOURCE") { Description = "What is asked about: document:readme." };
        Argument<string> permission = new("PERMISSION") { Description = "A permission or relation of it: view." };
        Argument<string> subject = new("SUBJECT") { Description = "Who asks: user:ann, agent:buyer, group:eng#member." };
        ActingOptions acting = new();
        Option<string?> context = new("--context") { Description = "What caveats may ask for, as a JSON object.", HelpName = "JSON" };
        Option<bool> explain = new("--explain") { Description = "If the answer is no: also what would make it a yes, and who could see to it." };
        Option<string?> fresh = Surroundings.AtLeastAsFresh();
        Command command = new("check", "May this subject do this to that resource? Exits with 0 for yes and 1 for no.")
        {
            resource, permission, subject, context, explain, fresh,
        };
        acting.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            CheckRequest request = new()
            {
                Resource = WireText.Object(parsed.GetRequiredValue(resource), "resource"),
                Permission = parsed.GetRequiredValue(permission),
                Subject = WireText.Subject(parsed.GetRequiredValue(subject)),
                Acting = acting.Read(parsed),
                Explain = true,
                SeekRemedies = parsed.GetValue(explain),
                Context = WireText.Context(parsed.GetValue(context)),
                Consistency = Surroundings.Consistency(parsed, fresh),
            };
            using AuthzGraphClient client = around.Connect(parsed);
            CheckResponse response = await client.CheckAsync(request, cancellation);
            around.Print(parsed, response, () => DecisionPrinter.Print(around.Terminal, request, response));
            return response.Decision.Outcome == Outcome.Permitted ? ExitCode.Yes : ExitCode.No;
        });
        return command;
    }
}
