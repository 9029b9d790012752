using System.Text.Json;
using Xunit.Abstractions;

namespace AuthzGraph.Validation.Tests;

/// <summary>
/// OpenFGA's suites, converted to this schema language. Lookups are asked as checks: everything listed is permitted,
/// and every other object of the type that occurs in the relationships is not.
/// </summary>
public sealed class OpenFgaCorpusTests(ITestOutputHelper output)
{
    [CorpusFact("openfga/suite")]
    public async Task OpenFga_suite_comes_out_as_in_OpenFGA()
    {
        CorpusRun run = new(output, CorpusRun.NoDeliberateDifferences);
        foreach ((string name, JsonElement suite) in Documents("openfga/suite"))
        {
            if (suite.TryGetProperty("assertError", out _)) continue;   // see What_OpenFga_refuses_to_write_is_refused
            OpenFgaCase asked = new(Text(suite, "schema"), suite.GetProperty("relationships"));
            asked.ExpectAll(suite, "assertTrue", permitted: true);
            asked.ExpectAll(suite, "assertFalse", permitted: false);
            foreach (JsonElement check in Items(suite, "cyclic")) asked.ExpectCheck(check);
            foreach (JsonElement lookup in Items(suite, "lookupResources")) asked.ExpectResources(lookup);
            foreach (JsonElement lookup in Items(suite, "lookupSubjects")) asked.ExpectSubjects(lookup);
            await run.RunAsync(name, asked.ToValidationFile());
        }
        run.Finish(atLeastTests: 200);
    }

    [CorpusFact("openfga/suite")]
    public async Task What_OpenFga_refuses_to_write_is_refused()
    {
        int refused = 0;
        foreach ((string name, JsonElement suite) in Documents("openfga/suite"))
            foreach (JsonElement error in Items(suite, "assertError"))
            {
                JsonElement tuple = error.GetProperty("tuple");
                string text = $"{Text(tuple, "object")}#{Text(tuple, "relation")}@{Text(tuple, "user")}";
                string file = JsonSerializer.Serialize(new { schema = Text(suite, "schema"), relationships = text });
                Assert.False((await ValidationRun.TextAsync(new SourceText(name, file))).IsReadable, $"{name}: {text} was not refused");
                refused++;
            }
        output.WriteLine($"{refused} relationships were refused");
        Assert.NotEqual(0, refused);
    }

    [CorpusFact("openfga/stores")]
    public async Task OpenFga_stores_come_out_as_in_OpenFGA()
    {
        CorpusRun run = new(output, CorpusRun.NoDeliberateDifferences);
        foreach ((string name, JsonElement store) in Documents("openfga/stores"))
            foreach (JsonElement test in Items(store, "tests"))
            {
                OpenFgaCase asked = new(Text(store, "schema"), test.GetProperty("relationships"));
                ExpectChecks(asked, test);
                foreach (JsonElement lookup in Items(test, "lookups"))
                    if (Text(lookup, "kind") == "resources") asked.ExpectResources(lookup);
                    else asked.ExpectSubjects(lookup);
                await run.RunAsync($"{name}: {Text(test, "name")}", asked.ToValidationFile());
            }
        run.Finish(atLeastTests: 100);
    }

    [CorpusFact("openfga/matrix")]
    public async Task OpenFga_matrix_comes_out_as_in_OpenFGA()
    {
        CorpusRun run = new(output, CorpusRun.NoDeliberateDifferences);
        foreach ((string name, JsonElement matrix) in Documents("openfga/matrix"))
            foreach (JsonElement test in Items(matrix, "cases"))
            {
                OpenFgaCase asked = new(Text(matrix, "schema"), test.GetProperty("relationships"));
                ExpectChecks(asked, test);
                foreach (JsonElement lookup in Items(test, "lookups")) asked.ExpectResources(lookup);
                await run.RunAsync($"{name}: {Text(test, "name")}", asked.ToValidationFile());
            }
        run.Finish(atLeastTests: 100);
    }

    private static void ExpectChecks(OpenFgaCase asked, JsonElement test)
    {
        foreach (JsonElement check in Items(test, "checks")) asked.ExpectCheck(check);
    }

    private static IEnumerable<(string Name, JsonElement Json)> Documents(string corpus)
    {
        foreach (string file in Corpora.Files(corpus, "*.json"))
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
            yield return (Path.GetFileName(file), document.RootElement);
        }
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement owner, string list) =>
        owner.TryGetProperty(list, out JsonElement items) ? items.EnumerateArray() : default;

    private static string Text(JsonElement owner, string name) => owner.GetProperty(name).GetString() ?? "";
}
