using Xunit.Abstractions;

namespace AuthzGraph.Validation.Tests;

/// <summary>Runs many validation texts, keeps count, and in the end fails with every difference there was.</summary>
internal sealed class CorpusRun(ITestOutputHelper output, IReadOnlyDictionary<string, string> deliberate)
{
    private readonly List<string> _differences = [];
    private readonly HashSet<string> _unusedDeliberate = [.. deliberate.Keys];
    private (int Texts, int Tests, int Deliberate) _count;

    public static readonly IReadOnlyDictionary<string, string> NoDeliberateDifferences = new Dictionary<string, string>();

    public async Task RunAsync(string name, string text)
    {
        _count.Texts++;
        ValidationReport report = await ValidationRun.TextAsync(new SourceText(name, text));
        _count.Tests += report.Results.Length;
        foreach (FileDiagnostic error in report.Diagnostics.Where(_ => !report.IsReadable)) Differs(name, error.ToString());
        foreach (TestResult result in report.Results.Where(r => !r.Passed))
            Differs($"{name} {result.Name}", $"expected {result.Expected}, got {result.Actual}\n    {string.Join("\n    ", result.Why)}");
    }

    /// <summary>Prints the counts; fails on differences that are not deliberate, and on deliberate ones that are none.</summary>
    public void Finish(int atLeastTests)
    {
        output.WriteLine($"{_count.Texts} ran ({_count.Tests} tests), {_count.Deliberate} deliberate differences");
        Assert.True(_differences.Count == 0, $"{_differences.Count} differences\n{string.Join('\n', _differences)}");
        Assert.True(_unusedDeliberate.Count == 0, $"no difference any more: {string.Join(", ", _unusedDeliberate)}");
        Assert.True(_count.Tests >= atLeastTests, $"only {_count.Tests} tests ran");
    }

    private void Differs(string what, string how)
    {
        string? listed = deliberate.Keys.FirstOrDefault(key => what.EndsWith(key, StringComparison.Ordinal));
        if (listed is null)
        {
            _differences.Add($"{what}: {how}");
            return;
        }
        _unusedDeliberate.Remove(listed);
        _count.Deliberate++;
        output.WriteLine($"deliberately different: {what}: {deliberate[listed]}");
    }
}
