using System.CommandLine;
using System.Globalization;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Commands.Store;

/// <summary><c>store backup | restore</c>. Neither says that it is done before what it wrote was verified.</summary>
internal static class CopyCommands
{
    public static Command Backup(Surroundings around)
    {
        Argument<string> target = new("TARGET") { Description = "A folder that is not there yet; it will be here, also when the server is elsewhere." };
        Option<string?> data = StoreCommands.Data();
        Command command = new("backup", "Copy the server's store while it serves, and verify the copy.") { target, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            string into = parsed.GetRequiredValue(target);
            CopyReceipt receipt = await StoreSteps.RunAsync(around, parsed, progress => parsed.GetValue(data) is { } directory
                ? Task.Run(() => StoreDirectory.Backup(directory, into, progress, cancellation), cancellation)
                : ReceiveAsync(around, parsed, into, progress, cancellation));
            StorePrinter.Print(around, parsed, "backed up", into, receipt);
            return ExitCode.Yes;
        });
        return command;
    }

    public static Command Restore(Surroundings around)
    {
        Argument<string> backup = StoreCommands.Directory("BACKUP");
        Argument<string> target = new("NEWDIR") { Description = "The folder of the new store; it must not be there yet." };
        Option<string?> at = new("--at") { Description = "Restore it as it was at this revision or time, if the backup reaches back to it.", HelpName = "REVISION|TIME" };
        Command command = new("restore", "Make a store of a backup, on a timeline of its own.") { backup, target, at };
        command.SetAction(async (parsed, cancellation) =>
        {
            (string from, string into) = (parsed.GetRequiredValue(backup), parsed.GetRequiredValue(target));
            RestorePoint? point = parsed.GetValue(at) is { } text ? Point(text) : null;
            CopyReceipt receipt = await StoreSteps.RunAsync(around, parsed,
                progress => Task.Run(() => StoreDirectory.Restore(from, into, point, progress, cancellation), cancellation));
            StorePrinter.Print(around, parsed, "restored", into, receipt);
            return ExitCode.Yes;
        });
        return command;
    }

    private static async Task<CopyReceipt> ReceiveAsync(
        Surroundings around, ParseResult parsed, string target, IProgress<StoreProgress>? progress, CancellationToken cancellation)
    {
        using AuthzGraphClient client = around.ConnectForLong(parsed);
        using StoreCopy copy = new(target);
        long done = 0;
        await foreach (BackupStoreResponse part in client.BackupStoreAsync(new BackupStoreRequest(), cancellation))
        {
            copy.Write(new StorePart(part.File, part.FileBytes, part.Offset, part.Content.Memory));
            progress?.Report(new StoreProgress("copying", done += part.Content.Length, part.TotalBytes));
        }
        return await Task.Run(() => copy.Finish(progress, cancellation), cancellation);
    }

    private static RestorePoint Point(string text)
    {
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong revision)) return new RestorePoint.AtRevision(new Revision(revision));
        if (Instant.TryParse(text, Rounding.Down, out Instant instant)) return new RestorePoint.AtTime(instant);
        throw new CommandException($"`{text}` is neither a revision nor a time: write 42 or 2026-11-20T10:00:00Z");
    }
}
