using System.CommandLine;
using AuthzGraph.Cli.Network;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using Mode = AuthzGraph.Protocol.V1.ImportOptions.Types.Mode;
using Operation = AuthzGraph.Protocol.V1.RelationshipUpdate.Types.Operation;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>relationship import | export</c>: files of any length, never held in memory whole.</summary>
internal static class StreamCommands
{
    public static Command Import(Surroundings around)
    {
        Argument<string> file = new("FILE") { Description = "One relationship on each line, // comments and blank lines; - reads standard input." };
        Option<bool> create = new("--create") { Description = "Refuse relationships that are there, instead of replacing them." };
        Option<bool> atomic = new("--atomic") { Description = "Write all of it in one revision, or nothing." };
        Option<uint> chunk = ChunkOption.Of(1_000);
        Option<string> id = new("--id") { Description = "Names the import: run again under its name, it passes over what is written.", HelpName = "NAME", DefaultValueFactory = _ => "" };
        Command command = new("import", "Write a long file of relationships, chunk by chunk.") { file, create, atomic, chunk, id };
        command.SetAction(async (parsed, cancellation) =>
        {
            ImportOptions options = new()
            {
                Mode = parsed.GetValue(atomic) ? Mode.Atomic : Mode.Chunks,
                Operation = parsed.GetValue(create) ? Operation.Create : Operation.Touch,
                ChunkSize = parsed.GetValue(chunk),
                Id = parsed.GetRequiredValue(id),
            };
            using InputFile lines = InputFile.Open(around.Terminal, parsed.GetRequiredValue(file));
            using AuthzGraphClient client = around.ConnectForLong(parsed);
            return await ImportAsync(around, parsed, client, lines, options, cancellation);
        });
        return command;
    }

    public static Command Export(Surroundings around)
    {
        Argument<string?> filter = new("FILTER") { Description = "A relationship with parts left out; all of them without.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> into = new("--out") { Description = "Where to put them instead of printing them.", HelpName = "FILE" };
        Option<string?> fresh = Surroundings.AtLeastAsFresh();
        Command command = new("export", "Print every relationship of one snapshot, one on each line, as import takes them.") { filter, into, fresh };
        command.SetAction(async (parsed, cancellation) =>
        {
            ExportRelationshipsRequest request = new()
            {
                Filter = parsed.GetValue(filter) is { } text ? FilterText.Parse(text) : null,
                Consistency = Surroundings.Consistency(parsed, fresh),
            };
            using AuthzGraphClient client = around.ConnectForLong(parsed);
            using StreamWriter? target = parsed.GetValue(into) is { } path ? new StreamWriter(path) : null;
            TextWriter output = target ?? around.Terminal.Output;
            await foreach (ExportRelationshipsResponse page in client.ExportRelationshipsAsync(request, cancellation))
                foreach (Relationship relationship in page.Relationships)
                    await output.WriteAsync((around.WantsJson(parsed) ? JsonText.OfLine(relationship) : relationship.Text()) + "\n");
            return ExitCode.Yes;
        });
        return command;
    }

    private static async Task<int> ImportAsync(
        Surroundings around, ParseResult parsed, AuthzGraphClient client, InputFile lines, ImportOptions options, CancellationToken cancellation)
    {
        WatchedTuples tuples = new(new TupleLines(lines.Reader, lines.Name).ReadAsync(cancellation));
        ImportRelationshipsResponse? last = null;
        try
        {
            await foreach (ImportRelationshipsResponse receipt in client.ImportRelationshipsAsync(ImportMessages.Of(tuples, options), cancellation))
            {
                if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.OfLine(receipt));
                else if (receipt.Imported / 100_000 > (last?.Imported ?? 0) / 100_000) around.Terminal.ErrorLine($"[grey]{receipt.Imported} written so far[/]");
                last = receipt;
            }
        }
        catch (AuthzGraphException) when (tuples.Problem is not null)     // the call broke off because of it
        {
            throw tuples.Problem;
        }
        finally
        {
            if (!tuples.IsRead && last is not null) around.Terminal.ErrorLine($"[yellow]note[/]: the first {last.Imported} relationships are written");
        }
        if (last is null) throw new CommandException("there is nothing to do: the file has no relationship");
        if (!around.WantsJson(parsed)) WritePrinter.Print(around.Terminal, $"imported {last.Imported} relationships", last.Revision, last.Token);
        return ExitCode.Yes;
    }
}
