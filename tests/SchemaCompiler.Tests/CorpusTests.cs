using System.Text.Json;
using Xunit.Abstractions;

namespace AuthzGraph.SchemaCompiler.Tests;

public class CorpusTests(ITestOutputHelper output)
{
    /// <summary>What stands in a caveat is CEL's to read, so the one case with a wrong character there is refused by the compiler instead.</summary>
    [CorpusFact]
    public void What_SpiceDB_parses_is_parsed_and_what_it_refuses_is_refused()
    {
        int compared = 0;
        foreach (JsonElement test in Corpus.Json("spicedb/parser/parser.give.json").GetProperty("cases").EnumerateArray())
        {
            string schema = test.GetProperty("schema").GetString() ?? "";
            Diagnostic[] found = [.. SchemaFormatter.Format(schema).Diagnostics];
            if (test.GetProperty("file").GetString() == "invalidcaveatexpr.zed")
                found = [.. Compilation.Of(schema).Diagnostics];
            bool parses = found.Length == 0;
            Assert.True(parses == test.GetProperty("parses").GetBoolean(), $"{test.GetProperty("file")}: {string.Join("; ", found.Select(d => d.ToString()))}");
            compared++;
        }
        output.WriteLine($"{compared} cases");
        Assert.Equal(37, compared);
    }

    [CorpusFact]
    public void Every_schema_of_the_corpora_compiles()
    {
        int compiled = 0;
        foreach ((string file, string text) in Corpus.Schemas().Where(s => !IsWrongOnPurpose(s.File, s.Text)))
        {
            Diagnostic[] errors = [.. Corpus.Compile(file, text).Diagnostics.Where(d => d.Severity == Severity.Error)];
            Assert.True(errors.Length == 0, $"{file}: {string.Join("; ", errors.Select(e => e.ToString()))}\n{text}");
            compiled++;
        }
        output.WriteLine($"{compiled} schemas compile");
        Assert.True(compiled >= 120);
    }

    [CorpusFact]
    public void Formatting_keeps_what_a_schema_means_and_changes_nothing_the_second_time()
    {
        int formatted = 0;
        foreach ((string file, string text) in Corpus.Schemas())
        {
            if (Compilation.Of(text).Schema is not { } schema) continue;
            Formatted.KeepsMeaning(text, schema, file);
            formatted++;
        }
        output.WriteLine($"{formatted} schemas formatted");
        Assert.True(formatted >= 120);
    }

    /// <summary>
    /// Cases that test parsing only, a missing import, type annotations that do not hold, two wildcards in usersets which their own
    /// tests never validate, and a text that is no schema.
    /// </summary>
    private static bool IsWrongOnPurpose(string file, string text) => Path.GetFileName(file) switch
    {
        "parser.give.json" or "_mixes.json" => true,
        "root.zed" => file.Contains("missing-import", StringComparison.Ordinal),
        "pkg__schema__type_check_test.json" => text.Contains("use typechecking", StringComparison.Ordinal) || text.Contains("relation member: user:*", StringComparison.Ordinal),
        _ => false,
    };
}
