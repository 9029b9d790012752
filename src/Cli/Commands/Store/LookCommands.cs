using System.CommandLine;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Graph;

namespace AuthzGraph.Cli.Commands.Store;

/// <summary><c>store verify | stats</c>: they change nothing.</summary>
internal static class LookCommands
{
    public static Command Verify(Surroundings around)
    {
        Argument<string> directory = StoreCommands.Directory();
        Command command = new("verify", "Read every byte of a store that nobody serves, or of a backup, and say what is damaged.") { directory };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(directory);
            VerificationReport report = await StoreSteps.RunAsync(around, parsed, progress => Task.Run(() => StoreDirectory.Verify(path, progress, cancellation), cancellation));
            if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.Of(StorePrinter.Json(report)));
            else StorePrinter.Print(around.Terminal, report);
            return report.IsWhole ? ExitCode.Yes : ExitCode.No;
        });
        return command;
    }

    public static Command Stats(Surroundings around)
    {
        Argument<string> directory = StoreCommands.Directory();
        Command command = new("stats", "Say what a store or a backup holds, at a glance. A server may go on serving it.") { directory };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(directory);
            StoreFigures figures = await Task.Run(() => StoreDirectory.Measure(path), cancellation);
            if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.Of(StorePrinter.Json(figures)));
            else StorePrinter.Print(around.Terminal, figures);
            return ExitCode.Yes;
        });
        return command;
    }
}
