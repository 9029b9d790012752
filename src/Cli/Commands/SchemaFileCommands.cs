using System.CommandLine;
using AuthzGraph.Cli.Printing;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.Validation;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>schema validate | format | compose</c>: what needs no server.</summary>
internal static class SchemaFileCommands
{
    public static Command Validate(Surroundings around)
    {
        Argument<string[]> files = new("FILE") { Description = "Schemas.", Arity = ArgumentArity.OneOrMore };
        Command command = new("validate", "Compile schemas and say what is wrong with them. Needs no server.") { files };
        command.SetAction(parsed =>
        {
            string[] named = parsed.GetRequiredValue(files);
            var compiled = named.ToLookup(file => file, file => CompiledFile.Of(FileText.Read(file)).Diagnostics);
            FileDiagnostic[] found = [.. compiled.SelectMany(file => file.First()).Distinct()];      // files may import the same
            if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.Of(found));
            else Print(around.Terminal, compiled.Where(file => file.First().IsEmpty).Select(file => file.Key), found);
            return found.Any(d => d.Severity == Severity.Error) ? ExitCode.No : ExitCode.Yes;
        });
        return command;
    }

    public static Command Format(Surroundings around)
    {
        Argument<string> file = new("FILE") { Description = "A schema." };
        Option<bool> write = new("--write", "-w") { Description = "Change the file instead of printing its new text." };
        Command command = new("format", "Print a schema in its canonical form. Needs no server.") { file, write };
        command.SetAction(parsed =>
        {
            SourceText source = FileText.Read(parsed.GetRequiredValue(file));
            FormattedSchema formatted = SchemaFormatter.Format(source.Text);
            if (formatted.Text is not { } text)
            {
                DiagnosticPrinter.PrintAll(around.Terminal.ErrorLine, [.. formatted.Diagnostics.Select(d => source.From(d, d.Position))]);
                return ExitCode.No;
            }
            if (parsed.GetValue(write)) Write(around.Terminal, source, text);
            else around.Terminal.Output.Write(text);
            return ExitCode.Yes;
        });
        return command;
    }

    public static Command Compose(Surroundings around)
    {
        Argument<string> file = new("FILE") { Description = "A schema that imports others." };
        Option<string?> into = new("--out") { Description = "Where to put the text instead of printing it." };
        Command command = new("compose", "Put a schema and all that it imports together into the one text a server takes. Needs no server.") { file, into };
        command.SetAction(parsed =>
        {
            CompiledFile compiled = CompiledFile.Of(FileText.Read(parsed.GetRequiredValue(file)));
            if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.Of(new { schema = compiled.Schema?.Text, compiled.Diagnostics }));
            else if (compiled.Schema is null) DiagnosticPrinter.PrintAll(around.Terminal.ErrorLine, [.. compiled.Diagnostics]);
            if (compiled.Schema is not { } schema) return ExitCode.No;
            if (parsed.GetValue(into) is { } path) File.WriteAllText(path, schema.Text);
            else if (!around.WantsJson(parsed)) around.Terminal.Output.Write(schema.Text);
            return ExitCode.Yes;
        });
        return command;
    }

    private static void Write(Terminal terminal, SourceText source, string formatted)
    {
        bool changed = formatted != source.Text;
        if (changed) File.WriteAllText(source.Name, formatted);
        terminal.Line($"{Terminal.Safe(source.Name)}: {(changed ? "[green]formatted[/]" : "was in canonical form already")}");
    }

    private static void Print(Terminal terminal, IEnumerable<string> clean, FileDiagnostic[] found)
    {
        DiagnosticPrinter.PrintAll(terminal.Line, found);
        foreach (string file in clean) terminal.Line($"{Terminal.Safe(file)}: [green]no problems[/]");
    }
}
