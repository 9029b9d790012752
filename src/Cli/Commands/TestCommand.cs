using System.CommandLine;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Validation;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>test FILE…</c>: runs validation files; needs no server.</summary>
internal static class TestCommand
{
    public static Command Create(Surroundings around)
    {
        Argument<string[]> files = new("FILE") { Description = "Validation files (docs/testing.md).", Arity = ArgumentArity.OneOrMore };
        Option<bool> verbose = new("--verbose", "-v") { Description = "List the tests that pass as well." };
        Command command = new("test", "Run the tests of validation files. Needs no server.") { files, verbose };
        command.SetAction(async (parsed, cancellation) =>
        {
            List<ValidationReport> reports = [];
            foreach (string file in parsed.GetRequiredValue(files))
            {
                ValidationReport report = await ValidationRun.TextAsync(FileText.Read(file), cancellation: cancellation);
                reports.Add(report);
                if (!around.WantsJson(parsed)) TestPrinter.Print(around.Terminal, report, parsed.GetValue(verbose));
            }
            int failed = reports.Sum(r => r.Failed);
            if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.Of(new { files = reports, passed = reports.Sum(r => r.Passed), failed }));
            else TestPrinter.PrintSum(around.Terminal, reports);
            return failed == 0 ? ExitCode.Yes : ExitCode.No;
        });
        return command;
    }
}
