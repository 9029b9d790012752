using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>What a run compared, and what it found: the first example of each kind of problem in full, the rest counted.</summary>
internal sealed class Findings
{
    private readonly Dictionary<string, (int Count, string First)> _problems = [];

    public int Compared { get; private set; }

    /// <summary>How many permits were proved again from their witness alone.</summary>
    public int Proved { get; set; }

    /// <summary>How many results a lookup gave, or ways out of denials were told.</summary>
    public int Found { get; set; }

    public int Skipped { get; private set; }

    public void Count() => Compared++;

    public void Skip() => Skipped++;

    /// <summary>Notes a problem unless the condition holds.</summary>
    public void Expect(bool holds, string kind, Func<string> describe)
    {
        if (holds) return;
        (int count, string first) = _problems.TryGetValue(kind, out (int, string) known) ? known : (0, describe());
        _problems[kind] = (count + 1, first);
    }

    public void Conclude(ITestOutputHelper output, int atLeast, int atLeastFound = 0)
    {
        output.WriteLine($"{Compared} compared, {Skipped} skipped, {Proved} proved by their witness, {Found} found");
        foreach ((string kind, (int count, _)) in _problems) output.WriteLine($"{count,6} x {kind}");
        Assert.True(_problems.Count == 0, string.Join("\n\n", _problems.Select(p => $"{p.Value.Count} x {p.Key}\n{p.Value.First}")));
        Assert.True(Compared >= atLeast, $"only {Compared} compared");
        Assert.True(Found >= atLeastFound, $"only {Found} found");
        Assert.True(Skipped <= Compared / 20, $"{Skipped} skipped of {Compared}");
    }
}
