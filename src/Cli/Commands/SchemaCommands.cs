using System.CommandLine;
using AuthzGraph.Cli.Network;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Validation;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>schema validate | format | compose | import | diff | explain | graph | lsp</c> on files, <c>schema write | read | diff</c> on a server.</summary>
internal static class SchemaCommands
{
    public static Command Create(Surroundings around) => new("schema", "Check, format, put together, import, compare, draw, write and read schemas.")
    {
        SchemaFileCommands.Validate(around), SchemaFileCommands.Format(around), SchemaFileCommands.Compose(around), ImportCommand.Create(around), SchemaChangeCommands.Diff(around),
        SchemaPageCommands.Explain(around), SchemaPageCommands.Graph(around), LanguageServerCommand.Create(),
        Write(around), Read(around),
    };

    private static Command Write(Surroundings around)
    {
        Argument<string> file = new("FILE") { Description = "The schema, with what it imports." };
        Command command = new("write", "Replace the server's schema.") { file };
        command.SetAction(async (parsed, cancellation) =>
        {
            string named = parsed.GetRequiredValue(file);
            SentSchema sent = SentSchema.Read(named);
            if (sent.Text is not { } text)
            {
                if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.Of(new { valid = false, sent.Diagnostics }));
                else DiagnosticPrinter.PrintAll(around.Terminal.ErrorLine, [.. sent.Diagnostics]);
                return ExitCode.No;
            }
            using AuthzGraphClient client = around.Connect(parsed);
            try
            {
                WriteSchemaResponse written = await client.WriteSchemaAsync(new WriteSchemaRequest { Text = text.Text }, cancellation);
                around.Print(parsed, written, () => WritePrinter.Print(around.Terminal, $"wrote {named}", written.Revision, written.Token));
                return ExitCode.Yes;
            }
            catch (AuthzGraphException refused) when (refused.Reason == "SCHEMA_INVALID")
            {
                ValidateSchemaResponse answer = await client.ValidateSchemaAsync(new ValidateSchemaRequest { Text = text.Text }, cancellation);
                around.Print(parsed, answer, () => DiagnosticPrinter.PrintAll(around.Terminal.ErrorLine, [.. answer.Diagnostics.Select(d => DiagnosticPrinter.Of(text, d))]));
                return ExitCode.No;
            }
        });
        return command;
    }

    private static Command Read(Surroundings around)
    {
        Option<string?> fresh = Surroundings.AtLeastAsFresh();
        Command command = new("read", "Print the server's schema.") { fresh };
        command.SetAction(async (parsed, cancellation) =>
        {
            using AuthzGraphClient client = around.Connect(parsed);
            ReadSchemaRequest request = new() { Consistency = Surroundings.Consistency(parsed, fresh) };
            ReadSchemaResponse read = await client.ReadSchemaAsync(request, cancellation);
            around.Print(parsed, read, () => around.Terminal.Output.Write(read.Text.EndsWith('\n') ? read.Text : read.Text + "\n"));
            return ExitCode.Yes;
        });
        return command;
    }
}
