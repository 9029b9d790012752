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
        Option<string?> fresh = Surroundings.AtLeastAsFresh();
        Command command = new("expand", "Show how a permission comes about, with the subjects at the leaves.") { resource, permission, fresh };
        command.SetAction(async (parsed, cancellation) =>
        {
            ExpandRequest request = new()
            {
                Resource = WireText.Object(parsed.GetRequiredValue(resource), "resource"),
                Permission = parsed.GetRequiredValue(permission),
                Consistency = Surroundings.Consistency(parsed, fresh),
            };
            using AuthzGraphClient client = around.Connect(parsed);
            ExpandResponse response = await client.ExpandAsync(request, cancellation);
            around.Print(parsed, response, () => around.Terminal.Draw(ExpandTree.Of(response.Root)));
            return ExitCode.Yes;
        });
        return command;
    }
}
