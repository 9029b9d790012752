using AuthzGraph.SchemaCompiler;
using AuthzGraph.Validation;

namespace AuthzGraph.Cli.Printing;

/// <summary>Shows a message about a file as good compilers do: place, message, the line with the part underlined, help.</summary>
internal static class DiagnosticPrinter
{
    /// <summary>Shows all of them and counts them.</summary>
    /// <param name="line">Prints a line of markup: <see cref="Terminal.Line"/> or <see cref="Terminal.ErrorLine"/>.</param>
    public static void PrintAll(Action<string> line, FileDiagnostic[] diagnostics)
    {
        foreach (FileDiagnostic diagnostic in diagnostics)
        {
            Print(line, diagnostic);
            line("");
        }
        int errors = diagnostics.Count(d => d.Severity == Severity.Error);
        if (diagnostics.Length > 0) line($"{Counted(errors, "error")}, {Counted(diagnostics.Length - errors, "warning")}");
    }

    public static void Print(Action<string> line, FileDiagnostic diagnostic)
    {
        string colour = diagnostic.Severity == Severity.Error ? "red" : "yellow";
        string kind = diagnostic.Severity == Severity.Error ? "error" : "warning";
        string code = diagnostic.Code is null ? "" : $" {diagnostic.Code}";
        line($"[bold]{Terminal.Safe(diagnostic.File)}:{diagnostic.Position}[/]: [{colour}]{kind}{code}[/]: {Terminal.Safe(diagnostic.Message)}");
        string number = $"{diagnostic.Position.Line}";
        string gutter = new(' ', number.Length);
        line($" [blue]{number} |[/] {Terminal.Safe(diagnostic.SourceLine)}");
        line($" [blue]{gutter} |[/] [{colour}]{Indentation(diagnostic)}{new string('^', diagnostic.Length)}[/]");
        if (diagnostic.Help is { } help) line($" [blue]{gutter} =[/] [green]help[/]: {Terminal.Safe(help)}");
    }

    // tabs stay tabs, so that the underline stands under its text however wide they are
    private static string Indentation(FileDiagnostic diagnostic) =>
        string.Concat(diagnostic.SourceLine.Take(diagnostic.Position.Column - 1).Select(c => c == '\t' ? '\t' : ' '))
            .PadRight(Math.Max(0, diagnostic.Position.Column - 1));

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
