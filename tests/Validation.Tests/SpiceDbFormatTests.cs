using System.Text.Json;

namespace AuthzGraph.Validation.Tests;

/// <summary>SpiceDB's own good and bad validation files, every one of them, and the tables of its reader.</summary>
public sealed class SpiceDbFormatTests
{
    private const string NoSchema = "unreadable: the file has no schema";

    /// <summary>What becomes of each file. Those without a schema hold relationships for SpiceDB's import, which writes them to a server; a test needs a schema.</summary>
    private static readonly Dictionary<string, string> Expected = new()
    {
        ["cli/import-test/happy-path-validation-file.yaml"] = "3 passed",
        ["cli/import-test/relations-only-validation-file-different-schema.yaml"] = "unreadable: definition `resource` has no relation or permission `user`",
        ["cli/import-test/relations-only-validation-file.yaml"] = NoSchema,
        ["cli/validate-test/external-schema.yaml"] = "2 passed",
        ["cli/validate-test/failed-assertions.yaml"] = "1 failed",
        ["cli/validate-test/failed-expected-relations.yaml"] = "1 failed",
        ["cli/validate-test/missing-schema.yaml"] = NoSchema,
        ["cli/validate-test/standard-validation.yaml"] = "2 passed",
        ["cli/validate-test/upwards-walk/validation.yaml"] = "1 passed",
        ["cli/validate-test/warnings-point-at-right-line.yaml"] = "0 passed",
        ["validation-format/basic_caveats.yaml"] = "0 passed",
        ["validation-format/initial_schema_and_rels.yaml"] = "0 passed",
        ["validation-format/just_rels.yaml"] = NoSchema,
        ["validation-format/legacy.yaml"] = "unreadable: a validation file has no key `validation_tuples`",
        ["validation-format/loader_no_comment.yaml"] = "0 passed",
        ["validation-format/loader_using_missing_schemafile.yaml"] = "unreadable: `./non_existant_schemafile.zed` can't be read",
        ["validation-format/loader_using_schemafile.yaml"] = "0 passed",
        ["validation-format/loader_with_comment.yaml"] = "0 passed",
        ["validation-format/schema_and_schemafile.yaml"] = "unreadable: the file has two schemas",
    };

    [CorpusFact("spicedb/cli")]
    public async Task Every_file_comes_out_as_in_SpiceDB()
    {
        string[] files = [.. Corpora.Files("spicedb/cli", "*.yaml"), .. Corpora.Files("spicedb/validation-format", "*.yaml")];
        HashSet<string> seen = [];
        foreach (string file in files)
        {
            string name = Path.GetRelativePath(Repository.Corpus("spicedb"), file).Replace('\\', '/');
            ValidationReport report = await ValidationRun.FileAsync(file);
            string outcome = !report.IsReadable ? $"unreadable: {report.Diagnostics[0].Message}" : report.Failed > 0 ? $"{report.Failed} failed" : $"{report.Passed} passed";
            Assert.True(Expected.TryGetValue(name, out string? expected), $"{name} is not listed: {outcome}");
            Assert.True(outcome.StartsWith(expected, StringComparison.Ordinal), $"{name}: {outcome}\n{Reports.Failures(report)}");
            seen.Add(name);
        }
        Assert.Equal(Expected.Keys.Order(), seen.Order());
    }

    [CorpusFact("spicedb/cli")]
    public async Task Warnings_stand_where_they_are_in_the_file()
    {
        ValidationReport report = await ValidationRun.FileAsync(Repository.Corpus("spicedb/cli/validate-test/warnings-point-at-right-line.yaml"));
        Assert.Contains(report.Diagnostics, d => d is { Code: "AZ0250", Position.Line: 27 });
    }

    [CorpusFact("spicedb/api-tables")]
    public async Task Assertions_are_read_as_in_SpiceDB() => await Rows("pkg__validationfile__blocks__assertions_test.json", "TestParseAssertions", "assertions", 8);

    [CorpusFact("spicedb/api-tables")]
    public async Task Expected_subjects_are_read_as_in_SpiceDB() =>
        await Rows("pkg__validationfile__blocks__expectedrelations_test.json", "TestParseExpectedRelations", "validation", 11);

    /// <summary>Puts the contents of each row under a key of a file whose schema has all that rows name; only reading is compared.</summary>
    private static async Task Rows(string table, string function, string key, int count)
    {
        const string Schema = "schema: |\n  definition user {}\n  definition document { relation reader: user | user:*\n  relation writer: user\n  permission view = reader + writer\n  permission write = writer }\n";
        JsonElement[] rows = [.. JsonDocument.Parse(File.ReadAllText(Repository.Corpus($"spicedb/api-tables/{table}"))).RootElement.GetProperty("tables")
            .EnumerateArray().Single(t => t.GetProperty("func").GetString() == function).GetProperty("rows").EnumerateArray()];
        foreach (JsonElement row in rows)
        {
            string contents = row.GetProperty("contents").GetString() ?? "";
            ValidationReport report = await Reports.RunAsync($"{Schema}{key}:\n  {contents.Replace("\n", "\n  ")}\n");
            bool isRefused = (row.GetProperty("expectedError").GetString() ?? "").Length > 0;
            Assert.True(report.IsReadable != isRefused, $"{row.GetProperty("name")}: {Reports.Failures(report)}");
        }
        Assert.Equal(count, rows.Length);
    }
}
