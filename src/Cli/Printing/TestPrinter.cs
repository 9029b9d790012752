using AuthzGraph.Validation;

namespace AuthzGraph.Cli.Printing;

/// <summary>Shows what became of validation files: a line for each that passes, everything about what fails.</summary>
internal static class TestPrinter
{
    public static void Print(Terminal terminal, ValidationReport report, bool verbose)
    {
        foreach (FileDiagnostic diagnostic in report.Diagnostics) DiagnosticPrinter.Print(terminal.Line, diagnostic);
        string mark = report.Failed == 0 ? "[green]✓[/]" : "[red]✗[/]";
        string count = report.IsReadable ? $"{report.Passed} of {report.Results.Length} passed" : "could not be run";
        terminal.Line($"{mark} [bold]{Terminal.Safe(report.File)}[/] [grey]{count}[/]");
        foreach (TestResult result in report.Results.Where(r => verbose || !r.Passed)) Print(terminal, report.File, result);
    }

    public static void PrintSum(Terminal terminal, IReadOnlyList<ValidationReport> reports)
    {
        int failed = reports.Sum(r => r.Failed);
        terminal.Line($"[bold {(failed == 0 ? "green" : "red")}]{reports.Sum(r => r.Passed)} passed, {failed} failed[/]");
    }

    private static void Print(Terminal terminal, string file, TestResult result)
    {
        if (result.Passed)
        {
            terminal.Line($"  [green]✓[/] {Terminal.Safe(result.Name)} [grey]{Terminal.Safe(result.Actual)}[/]");
            return;
        }
        terminal.Line($"  [red]✗ {Terminal.Safe(result.Name)}[/] [grey]{Terminal.Safe(file)}:{result.Position}[/]");
        terminal.Line($"      expected  {Terminal.Safe(result.Expected)}");
        terminal.Line($"      came out  [red]{Terminal.Safe(result.Actual)}[/]");
        foreach (string line in result.Why) terminal.Line($"      [grey]{Terminal.Safe(line)}[/]");
    }
}
