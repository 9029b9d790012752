using System.Text.Json;
using Xunit.Abstractions;

namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>
/// The tables of SpiceDB's generator, which prints what its formatter prints. Ours indents by four spaces instead of a tab; each
/// other difference is named with its reason, and must be one.
/// </summary>
public class SpiceDbGeneratorTests(ITestOutputHelper output)
{
    private const string File = "spicedb/api-tables/pkg__schemadsl__generator__generator_test.json";

    private static readonly Dictionary<string, string> Differences = new()
    {
        ["TestGenerateNamespace: full example"] = "lines are wrapped at 120 columns",
        ["TestFormatting: with multiple rels with comment"] = "blank lines within a definition are the author's: none is added",
        ["TestFormatting: becomes single line comment"] = "the lines of a comment are the author's",
        ["TestFormatting: full example"] = "comments, the lines of CEL, the order of parameters and parentheses are the author's",
        ["TestFormatting: unused expiration flag"] = "a `use` line stays: what it allows may be written next",
        ["TestFormatting: use self unused"] = "a `use` line stays: what it allows may be written next",
    };

    [CorpusFact]
    public void What_SpiceDB_s_generator_prints_of_a_caveat_is_canonical() => Compare("TestGenerateCaveat", 3, row => row.GetProperty("expected").GetString());

    [CorpusFact]
    public void What_SpiceDB_s_generator_prints_of_a_definition_is_canonical() =>
        Compare("TestGenerateNamespace", 9, row => row.GetProperty("expected").GetString());

    [CorpusFact]
    public void Formatting_gives_what_SpiceDB_s_generator_gives() => Compare("TestFormatting", 13, row => row.GetProperty("input").GetString());

    /// <summary>What SpiceDB says is not okay is not formatted, and there the expected text is none.</summary>
    private void Compare(string function, int count, Func<JsonElement, string?> input)
    {
        List<string> wrong = [];
        JsonElement[] rows = [.. SpiceDbTables.Rows(File, function)];
        foreach (JsonElement row in rows)
        {
            string name = $"{function}: {row.GetProperty("name").GetString()}";
            bool isOkay = !row.TryGetProperty("okay", out JsonElement okay) || okay.GetBoolean();
            string? expected = isOkay ? row.GetProperty("expected").GetString()?.Replace("\t", "    ").Trim() : null;
            string? formatted = SchemaFormatter.Format(input(row) ?? "").Text?.Trim();
            bool isSame = formatted == expected;
            if (isSame == Differences.ContainsKey(name)) wrong.Add($"{name}{(isSame ? " is the same after all" : $"\n{expected}\n---\n{formatted}")}");
            else if (!isSame) output.WriteLine($"{name} differs: {Differences[name]}");
        }
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
        Assert.Equal(count, rows.Length);
    }
}
