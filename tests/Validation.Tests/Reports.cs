namespace AuthzGraph.Validation.Tests;

internal static class Reports
{
    public static Task<ValidationReport> RunAsync(string text) => ValidationRun.TextAsync(new SourceText("test.yaml", text));

    /// <summary>Everything that went wrong, for a test's message.</summary>
    public static string Failures(ValidationReport report) => string.Join('\n',
        report.Diagnostics.Select(d => $"{d}{(d.Help is null ? "" : $" ({d.Help})")}")
            .Concat(report.Results.Where(r => !r.Passed).Select(r =>
                $"{report.File}:{r.Position}: {r.Name}: expected {r.Expected}, got {r.Actual}\n    {string.Join("\n    ", r.Why)}")));
}
