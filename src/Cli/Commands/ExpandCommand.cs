using System.CommandLine;
using AuthzGraph.Cli.Network;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>expand RESOURCE PERMISSION</c>: how a permission comes about, as a tree.</summary>
internal static class ExpandCommand
{
    public static Command Create(Surroundings around)
    {
        Argument<string> resource = new("RESOURCE") { Description = "What is asked about: document:readme." };
        Argument<string> permission = new("PERMISSION") { Description = "A permission or relation of it: view." };
        Option<bool> recursive = new("--recursive") { Description = "Open every userset in its place." };
        Option<string?> acting = new("--acting") { Description = "Also list the agents of this type that may do it for somebody, with their chains.", HelpName = "TYPE" };
        Option<string?> fresh = Surroundings.AtLeastAsFresh();
        Command command = new("expand", "Show how a permission comes about, with the subjects at the leaves.") { resource, permission, recursive, acting, fresh };
        command.SetAction(async (parsed, cancellation) =>
        {
            ExpandRequest request = new()
            {
                Resource = WireText.Object(parsed.GetRequiredValue(resource), "resource"),
                Permission = parsed.GetRequiredValue(permission),
                Recursive = parsed.GetValue(recursive),
                ActingType = parsed.GetValue(acting) ?? "",
                Consistency = Surroundings.Consistency(parsed, fresh),
            };
            using AuthzGraphClient client = around.Connect(parsed);
            ExpandResponse response = await client.ExpandAsync(request, cancellation);
            around.Print(parsed, response, () => Draw(around.Terminal, request, response));
            return ExitCode.Yes;
        });
        return command;
    }

    private static void Draw(Terminal terminal, ExpandRequest request, ExpandResponse response)
    {
        terminal.Draw(ExpandTree.Of(response.Root));
        foreach (FoundSubject found in response.Acting) LookupPrinter.PrintActing(terminal, request.ActingType, found);
    }
}
