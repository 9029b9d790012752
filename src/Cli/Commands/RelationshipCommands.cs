using System.Collections.Immutable;
using System.CommandLine;
using AuthzGraph.Cli.Network;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Validation;
using Operation = AuthzGraph.Protocol.V1.RelationshipUpdate.Types.Operation;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>relationship write | delete | read</c></summary>
internal static class RelationshipCommands
{
    private const string StandardInput = "-";

    public static Command Create(Surroundings around) => new("relationship", "Write, delete, read, import and export relationships.")
    {
        Change(around, "write", "Write relationships, or replace their windows.", Operation.Touch, "wrote"),
        Change(around, "delete", "Delete relationships; those that are not there are passed over.", Operation.Delete, "deleted"),
        Read(around),
        StreamCommands.Import(around),
        StreamCommands.Export(around),
    };

    private static Command Change(Surroundings around, string name, string description, Operation operation, string done)
    {
        Argument<string[]> tuples = new("TUPLE")
        {
            Description = "document:readme#viewer@user:ann, then optionally [from:TIME] and [expiration:TIME].",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string?> file = new("--file", "-f")
        {
            Description = "A file with one relationship on each line, // comments and blank lines; - reads standard input.",
            HelpName = "FILE",
        };
        Command command = new(name, description) { tuples, file };
        Option<string?> filter = new("--filter") { Description = "Delete what matches: a relationship with parts left out.", HelpName = "FILTER" };
        if (operation == Operation.Delete) command.Options.Add(filter);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (operation == Operation.Delete && parsed.GetValue(filter) is { } text)
            {
                if (parsed.GetValue(tuples) is { Length: > 0 } || parsed.GetValue(file) is not null) throw new CommandException("give relationships, --file or --filter");
                return await FilterDeletion.RunAsync(around, parsed, text, cancellation);
            }
            SourceText source = Source(around.Terminal, parsed.GetValue(tuples) ?? [], parsed.GetValue(file));
            (ImmutableArray<LocatedTuple> read, ImmutableArray<FileDiagnostic> errors) = RelationshipText.Read(source);
            foreach (FileDiagnostic error in errors) DiagnosticPrinter.Print(around.Terminal.ErrorLine, error);
            if (errors.Length > 0) return ExitCode.Unanswered;
            if (read.IsEmpty) throw new CommandException("there is nothing to do: give relationships, or --file");
            using AuthzGraphClient client = around.Connect(parsed);
            foreach (IReadOnlyList<RelationTuple> batch in WriteBatches.Of([.. read.Select(t => t.Tuple)]))
            {
                WriteRelationshipsRequest request = new();
                request.Updates.AddRange(batch.Select(t => new RelationshipUpdate { Operation = operation, Relationship = WireText.Relationship(t) }));
                WriteRelationshipsResponse written = await client.WriteRelationshipsAsync(request, cancellation);
                around.Print(parsed, written, () => WritePrinter.Print(around.Terminal, $"{done} {Counted(batch.Count)}", written.Revision, written.Token));
            }
            return ExitCode.Yes;
        });
        return command;
    }

    private static Command Read(Surroundings around)
    {
        Argument<string> filter = new("FILTER") { Description = "A relationship with parts left out: document, document:readme#viewer, document:plan*, @user:ann." };
        Option<uint> limit = new("--limit") { Description = "How many at most; 0: all.", HelpName = "N" };
        Option<string?> fresh = Surroundings.AtLeastAsFresh();
        Command command = new("read", "Print the relationships that match, one on each line, as `write --file` takes them.") { filter, limit, fresh };
        command.SetAction(async (parsed, cancellation) =>
        {
            ReadRelationshipsRequest request = new()
            {
                Filter = FilterText.Parse(parsed.GetRequiredValue(filter)),
                Limit = parsed.GetValue(limit),
                Consistency = Surroundings.Consistency(parsed, fresh),
            };
            using AuthzGraphClient client = around.Connect(parsed);
            await foreach (ReadRelationshipsResponse page in client.ReadRelationshipsAsync(request, cancellation))
            {
                foreach (Relationship relationship in page.Relationships)
                    around.Terminal.Raw(around.WantsJson(parsed) ? JsonText.OfLine(relationship) : relationship.Text());
                if (page.More) around.Terminal.ErrorLine("[yellow]note[/]: there are more; raise --limit");
            }
            return ExitCode.Yes;
        });
        return command;
    }

    private static SourceText Source(Terminal terminal, string[] tuples, string? file)
    {
        if (file is null) return new SourceText("argument", string.Join('\n', tuples));
        if (tuples.Length > 0) throw new CommandException("give relationships or --file, not both");
        return file == StandardInput ? new SourceText("standard input", terminal.Input.ReadToEnd()) : FileText.Read(file);
    }

    private static string Counted(int count) => count == 1 ? "1 relationship" : $"{count} relationships";
}
