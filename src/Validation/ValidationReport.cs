using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Validation;

/// <summary>What became of one validation file: what is wrong with the file itself, and one result for each test in it.</summary>
/// <param name="File">As the caller named it.</param>
/// <param name="Diagnostics">With an error among them, no test was run and <paramref name="Results"/> is empty.</param>
public sealed record ValidationReport(string File, ImmutableArray<FileDiagnostic> Diagnostics, ImmutableArray<TestResult> Results)
{
    public bool IsReadable => !Diagnostics.Any(d => d.Severity == Severity.Error);

    public int Passed => Results.Count(r => r.Passed);

    /// <summary>The tests that failed; a file that can't be run counts as one.</summary>
    public int Failed => IsReadable ? Results.Count(r => !r.Passed) : 1;
}

/// <summary>One test of a file.</summary>
/// <param name="Name">The author's name for it, or the question itself.</param>
/// <param name="Position">Where the file states it, 1-based.</param>
/// <param name="Expected">What the file says: <c>PERMITTED</c>, <c>REVOKED at hop 2</c>.</param>
/// <param name="Actual">What came out, in the same words.</param>
/// <param name="Why">Lines that explain the outcome: the question, the fact a denial rests on, the chain hop by hop, or the proof.</param>
public sealed record TestResult(
    string Name, LinePosition Position, bool Passed, string Expected, string Actual, ImmutableArray<string> Why);

/// <summary>A message about one place in a file: of the validation file itself, or of a schema or relationships file it names.</summary>
/// <param name="Position">1-based, in UTF-16 code units.</param>
/// <param name="Length">How much of the line it is about; at least 1.</param>
/// <param name="SourceLine">The whole line, for showing; empty at the end of a file.</param>
/// <param name="Code">The schema compiler's code, or null.</param>
public sealed record FileDiagnostic(
    string File, Severity Severity, LinePosition Position, int Length, string SourceLine, string Message,
    string? Help = null, string? Code = null)
{
    public override string ToString() =>
        $"{File}:{Position}: {(Severity == Severity.Error ? "error" : "warning")}{(Code is null ? "" : $" {Code}")}: {Message}";
}
