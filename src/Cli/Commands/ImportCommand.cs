using System.CommandLine;
using AuthzGraph.Cli.Printing;
using AuthzGraph.SchemaCompiler.OpenFga;
using AuthzGraph.Validation;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>schema import</c>: schemas from other systems' languages. The schema goes to standard output, the report to standard error.</summary>
internal static class ImportCommand
{
    private const string OpenFga = "openfga";

    public static Command Create(Surroundings around)
    {
        Argument<string> file = new("FILE") { Description = "A model of the other system." };
        Option<string> from = new("--from") { Description = "Whose model it is.", Required = true };
        from.AcceptOnlyFromAmong(OpenFga);
        Option<string?> into = new("--out") { Description = "Where to put the schema instead of printing it." };
        Command command = new("import", "Translate another system's model into a schema. Needs no server.") { file, from, into };
        command.SetAction(parsed =>
        {
            SourceText source = FileText.Read(parsed.GetRequiredValue(file));
            OpenFgaTranslation translation = OpenFgaImport.Translate(source.Text);
            if (around.WantsJson(parsed)) around.Terminal.Raw(Json(source, translation));
            else Report(around.Terminal, source, translation);
            if (translation.Schema is not { } schema) return ExitCode.No;
            if (parsed.GetValue(into) is { } path) Write(around, parsed, path, schema);
            else if (!around.WantsJson(parsed)) around.Terminal.Output.Write(schema);
            return ExitCode.Yes;
        });
        return command;
    }

    private static void Report(Terminal terminal, SourceText source, OpenFgaTranslation translation)
    {
        DiagnosticPrinter.PrintAll(terminal.ErrorLine, Found(source, translation));
        foreach (OpenFgaChange change in translation.Changes) terminal.ErrorLine($"{Terminal.Safe(source.Name)}:{Terminal.Safe(change.ToString())}");
    }

    private static FileDiagnostic[] Found(SourceText source, OpenFgaTranslation translation) =>
        [.. translation.Diagnostics.Select(d => source.From(d, d.Position))];

    private static string Json(SourceText source, OpenFgaTranslation translation) => JsonText.Of(new
    {
        translation.Schema,
        Diagnostics = Found(source, translation),
        Changes = translation.Changes.Cast<object>(),     // each with all it has
    });

    private static void Write(Surroundings around, ParseResult parsed, string path, string schema)
    {
        File.WriteAllText(path, schema);
        if (!around.WantsJson(parsed)) around.Terminal.Line($"{Terminal.Safe(path)}: [green]written[/]");
    }
}
