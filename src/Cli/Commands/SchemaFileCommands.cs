using System.CommandLine;
using AuthzGraph.Cli.Printing;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.Validation;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>schema validate | format</c>: what needs no server.</summary>
internal static class SchemaFileCommands
{
    public static Command Validate(Surroundings around)
    {
        Argument<string[]> files = new("FILE") { Description = "Schemas.", Arity = ArgumentArity.OneOrMore };
        Command command = new("validate", "Compile schemas and say what is wrong with them. Needs no server.") { files };
        command.SetAction(parsed =>
        {
            string[] named = parsed.GetRequiredValue(files);
            FileDiagnostic[] found = [.. named.SelectMany(file => Compile(FileText.Read(file)))];
            if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.Of(found));
            else Print(around.Terminal, named, found);
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

    private static void Write(Terminal terminal, SourceText source, string formatted)
    {
        bool changed = formatted != source.Text;
        if (changed) File.WriteAllText(source.Name, formatted);
        terminal.Line($"{Terminal.Safe(source.Name)}: {(changed ? "[green]formatted[/]" : "was in canonical form already")}");
    }

    private static IEnumerable<FileDiagnostic> Compile(SourceText source) =>
        Compilation.Of(source.Text).Diagnostics.Select(d => source.From(d, d.Position));

    private static void Print(Terminal terminal, string[] files, FileDiagnostic[] found)
    {
        DiagnosticPrinter.PrintAll(terminal.Line, found);
        foreach (string file in files.Where(file => !found.Any(d => d.File == file))) terminal.Line($"{Terminal.Safe(file)}: [green]no problems[/]");
    }
}
