using Xunit.Abstractions;

namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>SpiceDB's own schemas of several files, read in place.</summary>
public class SpiceDbImportTests(ITestOutputHelper output)
{
    /// <summary>What SpiceDB makes of <c>root.zed</c> lies beside it as <c>expected.zed</c>; where there is none, it is refused.</summary>
    [CorpusFact]
    public void Files_are_put_together_as_SpiceDB_does()
    {
        int compared = 0;
        foreach (string folder in Directory.EnumerateDirectories(Path.Combine(Corpus.Folder, "spicedb/imports")).Order(StringComparer.Ordinal))
        {
            Compilation compilation = Corpus.Compile(Path.Combine(folder, "root.zed"), File.ReadAllText(Path.Combine(folder, "root.zed")));
            string expected = Path.Combine(folder, "expected.zed");
            if (File.Exists(expected)) Assert.Equal(Formatted.Of(File.ReadAllText(expected)), ImportTests.StandsAlone(compilation).Text);
            else Assert.Equal(["root.zed:5:8 AZ0608"], compilation.Diagnostics.Select(d => $"{d.File}:{d.Position} {d.Code}"));
            compared++;
        }
        output.WriteLine($"{compared} folders");
        Assert.True(compared >= 6);
    }

    [CorpusFact]
    public void The_schemas_of_the_command_line_s_tests_compile_with_the_warnings_SpiceDB_gives()
    {
        Assert.Equal(
            """
            import-test/happy-path-validation-schema.zed
            import-test/relations-only-schema.zed
            validate-test/composable-schema-root.zed
            validate-test/composable-schema-user.zed
            validate-test/external-schema.zed
            validate-test/schema-only.zed
            validate-test/warnings-point-at-right-line.zed
              26:13 relation-name-references-parent
            validate-test/warnings.zed
              2:20 permission-references-itself
            """,
            string.Join('\n', Corpus.Schemas().Where(s => s.File.StartsWith("spicedb/cli/", StringComparison.Ordinal) && s.File.EndsWith(".zed", StringComparison.Ordinal))
                .SelectMany(s => Corpus.Compile(s.File, s.Text).Diagnostics
                    .Where(d => d.Severity == Severity.Error || d.SpiceDbName is not null)
                    .Select(d => $"  {d.Position} {d.SpiceDbName ?? d.Code}").Prepend(s.File["spicedb/cli/".Length..]))));
    }
}
