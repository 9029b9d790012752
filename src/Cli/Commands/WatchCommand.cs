using System.CommandLine;
using AuthzGraph.Cli.Network;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using Kind = AuthzGraph.Protocol.V1.WatchRelationshipsRequest.Types.Kind;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>watch</c>: a line for each change, until Ctrl-C.</summary>
internal static class WatchCommand
{
    public static Command Create(Surroundings around)
    {
        Option<string[]> filter = new("--filter")
        {
            Description = "Only changes of relationships that match: document, document:plan*, #viewer, @user:ann. May be given several times.",
            HelpName = "FILTER",
        };
        Option<string?> after = new("--after") { Description = "Start after this consistency token instead of now.", HelpName = "TOKEN" };
        Option<bool> windows = new("--windows") { Description = "Also tell when windows open and close." };
        Option<bool> checkpoints = new("--checkpoints") { Description = "Also tell how far everything was told, once a second." };
        Command command = new("watch", "Print every change as it happens.") { filter, after, windows, checkpoints };
        command.SetAction(async (parsed, cancellation) =>
        {
            WatchRelationshipsRequest request = new() { After = parsed.GetValue(after) ?? "", Kinds = { Kind.Relationships, Kind.Schemas } };
            request.Filters.AddRange((parsed.GetValue(filter) ?? []).Select(FilterText.Parse));
            if (parsed.GetValue(windows)) request.Kinds.Add(Kind.Windows);
            if (parsed.GetValue(checkpoints)) request.Kinds.Add(Kind.Checkpoints);
            using AuthzGraphClient client = around.ConnectForLong(parsed);
            await foreach (WatchRelationshipsResponse told in client.WatchRelationshipsAsync(request, cancellation))
                if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.OfLine(told));
                else WatchPrinter.Print(around.Terminal, told);
            return ExitCode.Yes;
        });
        return command;
    }
}
