using System.CommandLine;
using AuthzGraph.Cli.Printing;
using AuthzGraph.SchemaCompiler.Reflection;
using AuthzGraph.Validation;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>schema explain CODE</c> and <c>schema graph FILE</c>: reading aids that need no server.</summary>
internal static class SchemaPageCommands
{
    public static Command Explain(Surroundings around)
    {
        Argument<string> code = new("CODE") { Description = "A diagnostic's code: AZ0203." };
        Command command = new("explain", "Explain a diagnostic, with an example. Needs no server.") { code };
        command.SetAction(parsed =>
        {
            string named = parsed.GetRequiredValue(code).ToUpperInvariant();
            string text = LanguagePage.Section(named) ?? throw new CommandException($"there is no diagnostic `{named}`: codes are AZ and four digits");
            if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.Of(new { code = named, text }));
            else around.Terminal.Raw(text);
            return ExitCode.Yes;
        });
        return command;
    }

    public static Command Graph(Surroundings around)
    {
        Argument<string> file = new("FILE") { Description = "A schema." };
        Option<string> format = new("--format") { Description = "dot (Graphviz) or mermaid.", DefaultValueFactory = _ => "dot" };
        format.AcceptOnlyFromAmong("dot", "mermaid");
        Command command = new("graph", "Draw a schema: definitions, what their relations hold, their permissions, and caveats. Needs no server.") { file, format };
        command.SetAction(parsed =>
        {
            CompiledFile compiled = CompiledFile.Of(FileText.Read(parsed.GetRequiredValue(file)));
            if (compiled.Schema is not { } schema)
            {
                DiagnosticPrinter.PrintAll(around.Terminal.ErrorLine, [.. compiled.Diagnostics]);
                return ExitCode.No;
            }
            ReflectedSchema reflected = ReflectedSchema.Of(schema);
            if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.Of(reflected));
            else around.Terminal.Raw(parsed.GetRequiredValue(format) == "dot" ? SchemaDrawing.Dot(reflected) : SchemaDrawing.Mermaid(reflected));
            return ExitCode.Yes;
        });
        return command;
    }
}
