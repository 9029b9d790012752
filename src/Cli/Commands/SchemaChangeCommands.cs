using System.CommandLine;
using AuthzGraph.Cli.Network;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Changes;
using AuthzGraph.Validation;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>schema diff OLD NEW</c> on files, <c>schema diff NEW</c> against a server and what is stored there.</summary>
internal static class SchemaChangeCommands
{
    public static Command Diff(Surroundings around)
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "OLD and NEW; or NEW alone, which is compared with the server's schema and relationships.",
            Arity = new ArgumentArity(1, 2),
        };
        Option<bool> strict = new("--fail-on-widening") { Description = "Exit with 1 when somebody may do more afterwards, or it can't be told." };
        Command command = new("diff", "Show what a new schema changes and what of that widens authority.") { files, strict };
        command.SetAction(async (parsed, cancellation) =>
        {
            string[] named = parsed.GetRequiredValue(files);
            if (named.Length == 2) return OfFiles(around, parsed, named[0], named[1], parsed.GetValue(strict));
            using AuthzGraphClient client = around.Connect(parsed);
            SentSchema sent = SentSchema.Read(named[0]);
            if (sent.Text is not { } text) return Show(around, parsed, ShownDiff.Empty, Errors(sent.Diagnostics), parsed.GetValue(strict));
            DiffSchemaResponse response = await client.DiffSchemaAsync(new DiffSchemaRequest { Text = text.Text }, cancellation);
            FileDiagnostic[] errors = Errors(response.Diagnostics.Select(d => DiagnosticPrinter.Of(text, d)));
            return Show(around, parsed, ShownDiff.Of(response), errors, parsed.GetValue(strict));
        });
        return command;
    }

    private static int OfFiles(Surroundings around, ParseResult parsed, string old, string now, bool strict)
    {
        CompiledFile[] compiled = [CompiledFile.Of(FileText.Read(old)), CompiledFile.Of(FileText.Read(now))];
        FileDiagnostic[] errors = Errors(compiled.SelectMany(file => file.Diagnostics).Distinct());
        ShownDiff diff = compiled is [{ Schema: { } before }, { Schema: { } after }] ? ShownDiff.Of(SchemaDiff.Between(before, after)) : ShownDiff.Empty;
        return Show(around, parsed, diff, errors, strict);
    }

    private static int Show(Surroundings around, ParseResult parsed, ShownDiff diff, FileDiagnostic[] errors, bool strict)
    {
        if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.Of(new { errors, diff.Changes, diff.Violations }));
        else if (errors.Length > 0) DiagnosticPrinter.PrintAll(around.Terminal.ErrorLine, errors);
        else DiffPrinter.Print(around.Terminal, diff);
        bool fails = errors.Length > 0 || diff.Violations.Length > 0 || (strict && diff.Widens);
        return fails ? ExitCode.No : ExitCode.Yes;
    }

    private static FileDiagnostic[] Errors(IEnumerable<FileDiagnostic> diagnostics) => [.. diagnostics.Where(d => d.Severity == Severity.Error)];
}
