using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Validation.Tests;

public sealed class ExampleSchemaTests
{
    public static TheoryData<string> ValidationFiles =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "schemas"), "*.yaml", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(ValidationFiles))]
    public async Task What_an_example_says_of_its_schema_is_true(string file)
    {
        ValidationReport report = await ValidationRun.FileAsync(Path.Combine(Repository.Root, file));
        Assert.True(report.Failed == 0, Reports.Failures(report));
        Assert.NotEmpty(report.Results);
    }

    [Theory]
    [InlineData("agent-tasks")]
    [InlineData("documents")]
    [InlineData("mcp-tools")]
    [InlineData("office-hours")]
    public void An_example_schema_has_no_warnings_and_is_in_canonical_form(string example)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "schemas", example, "schema.authz"));
        Assert.Empty(Compilation.Of(text).Diagnostics);
        Assert.Equal(text, SchemaFormatter.Format(text).Text);
    }

    // They are written to a running server as they are, so nothing in them may be over.
    [Theory]
    [InlineData("agent-tasks/relationships.txt")]
    [InlineData("agent-tasks/walkthrough.txt")]
    [InlineData("documents/relationships.txt")]
    [InlineData("mcp-tools/relationships.txt")]
    public void What_an_example_loads_into_a_server_has_not_ended(string file)
    {
        string path = Path.Combine(Repository.Root, "schemas", file);
        (var tuples, var errors) = RelationshipText.Read(new SourceText(path, File.ReadAllText(path)));
        Assert.Empty(errors);
        Assert.All(tuples, t => Assert.True(t.Tuple.Window.ExpiresAt > Model.Instant.From(TimeProvider.System.GetUtcNow()), $"{t.Tuple} has ended"));
    }
}
