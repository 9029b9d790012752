namespace AuthzGraph.Validation.Tests;

public sealed class FileErrorTests
{
    private const string Schema = "schema: |\n  definition user {}\n  definition document {\n    relation viewer: user\n  }\n";

    [Theory]
    [InlineData("assertion:\n  assertTrue: []", "test.yaml:6:1: error: a validation file has no key `assertion` (did you mean `assertions`?)")]
    [InlineData("assertions:\n  asserttrue: []", "test.yaml:7:3: error: `assertions` has no key `asserttrue` (did you mean `assertTrue`?)")]
    [InlineData("assertions: [ ]", "test.yaml:6:13: error: `assertions` must be a mapping of `key: value`")]
    [InlineData("assertions:\n  assertTrue: document:readme#view@user:ann",
        "test.yaml:7:15: error: `assertTrue` must be a list: each item on its own line after `- `")]
    [InlineData("assertions:\n  assertTrue:\n    - \"document:readme@user:ann\"",
        "test.yaml:8:8: error: `document:readme@user:ann` is not a question (a question is written resource#permission@subject, as in document:readme#view@user:ann)")]
    [InlineData("relationships: |\n  document:readme#viewer@user:ann\n\n    document:readme#viewer@user\n",
        "test.yaml:9:5: error: `document:readme#viewer@user` is not a relationship: `user` is not a subject")]
    [InlineData("relationships: >-\n  document:readme#viewer@user:ann\n\n  document:readme#viewer\n",
        "test.yaml:9:3: error: `document:readme#viewer` is not a relationship: it has no `@subject`")]
    [InlineData("relationships: >-\n  document:a#viewer@user:ann\n  document:b#viewer@user:ann\n",
        "test.yaml:7:3: error: `document:a#viewer@user:ann document:b#viewer@user:ann` is not a relationship: "
        + "`user:ann document:b#viewer@user:ann` is not a subject (two relationships on one line? in YAML, `relationships: |` keeps lines apart and `>` folds them together)")]
    [InlineData("at: yesterday", "test.yaml:6:5: error: `yesterday` is not an instant (an instant is RFC 3339, as in 2026-11-20T10:10:00Z or 2026-11-20T10:10:00.000001Z)")]
    [InlineData("schemaFile: other.authz", "test.yaml:6:13: error: `other.authz` can't be read")]
    [InlineData("validation:\n  document:readme: []", "test.yaml:7:3: error: `document:readme` is not a permission of an object (it is written resource#permission, as in document:readme#view)")]
    [InlineData("validation:\n  document:readme#view:\n    - user:ann", "test.yaml:8:7: error: `user:ann` is not an expected subject (it is written `[subject] is <resource#relation>`, with further relations after `/`)")]
    [InlineData("decisions:\n  - check: document:readme#view@user:ann", "test.yaml:7:5: error: a decision has no `expect`")]
    [InlineData("decisions:\n  - check: document:readme#view@user:ann\n    expect: PERMITED", "test.yaml:8:13: error: `PERMITED` is no outcome (did you mean `PERMITTED`?)")]
    [InlineData("decisions:\n  - check: document:readme#view@user:ann\n    expect: DENIED\n    hop: first", "test.yaml:9:10: error: `first` is no hop (hops are counted from the root at 1; 0 when no hop is to blame)")]
    [InlineData("decisions:\n  - check: document:readme#view@user:ann\n    acting: { principal: user:ann }\n    expect: DENIED", "test.yaml:8:15: error: `acting` has no key `principal` (its keys are `delegation`, `onBehalfOf`, `task`)")]
    public async Task A_mistake_is_shown_where_it_was_made(string rest, string expected)
    {
        ValidationReport report = await Reports.RunAsync(Schema + rest);
        Assert.StartsWith(expected, Reports.Failures(report));
        Assert.Equal((0, 1), (report.Passed, report.Failed));
    }

    [Fact]
    public async Task Every_relationship_the_schema_has_no_place_for_is_shown_at_its_line()
    {
        ValidationReport report = await Reports.RunAsync(Schema + """
            relationships: |
              document:readme#viewer@user:ann
              document:readme#viewer@robot:ann
              // a comment
              document:readme#reader@user:ann
              folder:top#viewer@user:ann
              document:readme#viewer@user:*
            """);
        Assert.Equal([8, 10, 11, 12], report.Diagnostics.Select(d => d.Position.Line));
        Assert.Equal(["UNKNOWN_TYPE", "UNKNOWN_RELATION", "UNKNOWN_TYPE", "SUBJECT_NOT_ALLOWED"], report.Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public async Task A_window_the_schema_does_not_allow_is_shown_at_its_line()
    {
        ValidationReport report = await Reports.RunAsync(Schema + """
            relationships: |
              document:readme#viewer@user:anna
              document:readme#viewer@user:ann[expiration:2027-01-01T00:00:00Z]
            """);
        Assert.Equal(("test.yaml:8:3", "INVALID_TUPLE"), ($"test.yaml:{Assert.Single(report.Diagnostics).Position}", report.Diagnostics[0].Code));
    }

    [Fact]
    public async Task The_same_relationship_with_two_windows_is_a_mistake_and_repeating_it_is_none()
    {
        ValidationReport report = await Reports.RunAsync(Schema.Replace("user\n", "user with expiration\n").Insert(10, "  use expiration\n") + """
            relationships: |
              document:readme#viewer@user:ann[expiration:2027-01-01T00:00:00Z]
              document:readme#viewer@user:ann[expiration:2027-01-01T00:00:00Z]
              document:readme#viewer@user:ann[expiration:2028-01-01T00:00:00Z]
            """);
        Assert.Equal("test.yaml:10:3: error: `document:readme#viewer@user:ann` is written twice, with another window or caveat (the first is at test.yaml:8:3)", Reports.Failures(report));
    }

    [Theory]
    [InlineData("schema: |\n  definition user {}\n\n  definition document {\n  \trelation viewer: usr\n  }\n", "5:21")]
    [InlineData("schema: >-\n  definition user {}\n\n\n  definition document {\n      relation viewer: usr\n  }\n", "6:24")]
    [InlineData("schema: |2+\n  definition user {}\n  definition document {\n    relation viewer: usr\n  }\n", "4:22")]
    public async Task A_mistake_in_the_schema_is_shown_at_its_place_in_the_YAML(string text, string position)
    {
        ValidationReport report = await Reports.RunAsync(text);
        FileDiagnostic diagnostic = Assert.Single(report.Diagnostics);
        Assert.Equal((position, 3), ($"{diagnostic.Position}", diagnostic.Length));
        Assert.Contains("usr", diagnostic.SourceLine);
    }

    [Theory]
    [InlineData("", "1:1: error: the file is empty")]
    [InlineData("relationships: document:readme#viewer@user:ann", "1:1: error: the file has no schema (add `schema: |` or `schemaFile: ./schema.authz`)")]
    [InlineData("schema: |\n  definition user {}\nschema: |\n  definition user {}", "3:1: error: this is not YAML")]
    [InlineData("schema: [", "1:10: error: this is not YAML")]
    [InlineData("- a\n- b", "1:1: error: a validation file must be a mapping of `key: value`")]
    public async Task What_is_no_validation_file_is_an_error_with_a_place(string text, string expected)
    {
        ValidationReport report = await Reports.RunAsync(text);
        Assert.StartsWith($"test.yaml:{expected}", Reports.Failures(report));
    }

    [Fact]
    public async Task A_mistake_in_a_named_file_is_shown_in_that_file()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("validation-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "schema.authz"), "definition user {}\n\ndefinition document {\n    relation viewer: user\n}\n");
            File.WriteAllText(Path.Combine(folder.FullName, "people.txt"), "// people\ndocument:readme#viewer@\n");
            string file = Path.Combine(folder.FullName, "test.yaml");
            File.WriteAllText(file, "schemaFile: schema.authz\nrelationshipsFile: [people.txt]\n");
            ValidationReport report = await ValidationRun.FileAsync(file);
            FileDiagnostic diagnostic = Assert.Single(report.Diagnostics);
            Assert.Equal((Path.Combine(folder.FullName, "people.txt"), "2:1"), (diagnostic.File, $"{diagnostic.Position}"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
