using System.CommandLine;
using AuthzGraph.Cli.Network;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Commands.Delegating;

/// <summary><c>task open | close</c></summary>
internal static class TaskCommands
{
    public static Command Create(Surroundings around) => new("task", "Open tasks and end them, with all authority under them.") { Open(around), Close(around) };

    private static Command Open(Surroundings around)
    {
        Argument<string?> id = new("ID") { Description = "The new task's id; without it one is picked.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> parent = new("--parent") { Description = "The task it is a part of: task:q3.", HelpName = "TASK" };
        Option<string?> type = new("--type") { Description = "The new task's type, where the schema has several.", HelpName = "TYPE" };
        ActOptions act = new();
        TermOptions term = new();
        Command command = act.AddTo(new Command("open", "Open a task.") { id, parent, type });
        term.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            OpenTaskRequest request = new()
            {
                Act = act.Read(parsed),
                Id = parsed.GetValue(id) ?? "",
                Type = parsed.GetValue(type) ?? "",
                Parent = WireText.Optional(parsed.GetValue(parent), "parent"),
            };
            if (term.Until(parsed) is { } until) request.ExpiresAt = until;
            if (term.Lasting(parsed) is { } lasting) request.Lasting = lasting;
            using AuthzGraphClient client = around.Connect(parsed);
            OpenTaskResponse response = await client.OpenTaskAsync(request, cancellation);
            around.Print(parsed, response, () => AuthorityPrinter.Print(around.Terminal, $"opened {response.Task.Text()}", response.EndsAt, response.Written));
            return ExitCode.Yes;
        });
        return command;
    }

    private static Command Close(Surroundings around)
    {
        Argument<string> task = new("TASK") { Description = "The task: task:q3." };
        ActOptions act = new();
        Command command = act.AddTo(new Command("close", "End a task and all authority under it, for good.") { task }, forAdministrators: true);
        command.SetAction(async (parsed, cancellation) =>
        {
            CloseTaskRequest request = new() { Act = act.Read(parsed), Task = WireText.Object(parsed.GetRequiredValue(task), "task") };
            using AuthzGraphClient client = around.Connect(parsed);
            AuthorityResponse written = await client.CloseTaskAsync(request, cancellation);
            around.Print(parsed, written, () => AuthorityPrinter.Print(around.Terminal, $"closed {request.Task.Text()}", null, written));
            return ExitCode.Yes;
        });
        return command;
    }
}
