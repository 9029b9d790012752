namespace AuthzGraph.Validation.Tests;

/// <summary>SpiceDB's own good and bad validation files.</summary>
public sealed class SpiceDbFormatTests
{
    [CorpusFact("spicedb/cli")]
    public async Task Files_that_pass_in_SpiceDB_pass_here()
    {
        foreach (string name in (string[])["standard-validation.yaml", "external-schema.yaml", "upwards-walk/validation.yaml", "warnings-point-at-right-line.yaml"])
        {
            ValidationReport report = await RunAsync($"spicedb/cli/validate-test/{name}");
            Assert.True(report.Failed == 0, Reports.Failures(report));
        }
    }

    [CorpusFact("spicedb/cli")]
    public async Task Files_that_fail_in_SpiceDB_fail_here()
    {
        foreach (string name in (string[])["failed-assertions.yaml", "failed-expected-relations.yaml", "missing-schema.yaml"])
            Assert.Equal(1, (await RunAsync($"spicedb/cli/validate-test/{name}")).Failed);
        foreach (string name in (string[])["legacy.yaml", "loader_using_missing_schemafile.yaml", "schema_and_schemafile.yaml"])
            Assert.False((await RunAsync($"spicedb/validation-format/{name}")).IsReadable);
    }

    [CorpusFact("spicedb/validation-format")]
    public async Task Comments_blank_lines_and_schema_files_are_read()
    {
        foreach (string name in (string[])["loader_with_comment.yaml", "loader_no_comment.yaml", "loader_using_schemafile.yaml", "initial_schema_and_rels.yaml"])
        {
            ValidationReport report = await RunAsync($"spicedb/validation-format/{name}");
            Assert.True(report.IsReadable, Reports.Failures(report));
        }
    }

    private static Task<ValidationReport> RunAsync(string corpus) => ValidationRun.FileAsync(Corpora.PathOf(corpus));
}
