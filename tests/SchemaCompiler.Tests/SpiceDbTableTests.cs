using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
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
    /// What SpiceDB's compiler refuses is refused, at the line it names; what it accepts means the same as what it is compiled to. The
    /// rows name definitions, members and caveats that are not there, which its compiler does not look for: they are added to both.
    /// </summary>
    [CorpusFact]
    public void The_compiler_s_rows_come_out_as_in_SpiceDB()
    {
        Dictionary<string, string> deliberate = new()
        {
            ["no implicit tenant with unspecified tenant"] = "its compiler can be told to demand a prefix; there is none to demand here",
        };
        List<string> different = [];
        int same = 0;
        foreach (JsonElement row in Rows(Tables + "pkg__schemadsl__compiler__compiler_test.json", "TestCompile"))
        {
            string name = row.GetProperty("name").GetString() ?? "";
            string refused = row.TryGetProperty("expectedError", out JsonElement error) ? error.GetString() ?? "" : "";
            string input = WithoutTenant(row.GetProperty("input").GetString() ?? "");
            string? difference = refused.Length > 0 ? Refused(input, refused) : Meant(input, WithoutTenant(SpiceDbProto.Text(row.GetProperty("expectedProto"))));
            if (difference is null) same++;
            else if (!deliberate.Remove(name)) different.Add($"{name}: {difference}");
        }
        output.WriteLine($"{same} rows agree, {different.Count} do not");
        Assert.True(different.Count == 0, string.Join("\n", different));
        Assert.Empty(deliberate);
        Assert.Equal(78, same);
    }

    /// <summary>Errors one for one; that an expression is no bool has a code of its own, and so has that there is none.</summary>
    [CorpusFact]
    public void Expressions_of_caveats_compile_or_not_as_in_SpiceDB()
    {
        int same = 0;
        foreach (JsonElement row in Rows(Tables + "pkg__caveats__compile_test.json", "TestCompile"))
        {
            string name = row.GetProperty("name").GetString() ?? "";
            string[] parameters = SpiceDbProto.Call(row.GetProperty("env")).Args is [var env, ..] ? SpiceDbProto.Variables(env) : ["unused bool"];
            string schema = $"caveat tested({string.Join(", ", parameters)}) {{ {row.GetProperty("exprString").GetString()} }}\ndefinition user {{ relation friend: user with tested }}";
            string[] expected = [.. row.GetProperty("expectedErrors").EnumerateArray().Select(error => error.GetString() switch
            {
                "mismatched input" when name == "empty expression" => "AZ0104",
                { } text when text.Contains("boolean", StringComparison.Ordinal) => "AZ0502",
                _ => "AZ0501",
            })];
            string[] found = [.. Compilation.Of(schema).Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Code)];
            Assert.True(expected.SequenceEqual(found), $"{name}: {string.Join(" ", found)}\n{schema}");
            same++;
        }
        output.WriteLine($"{same} of 22 rows");
        Assert.Equal(22, same);
    }

    /// <summary>
    /// The types of a member's subjects, held against annotations: with all of them listed a permission that stands for the member
    /// compiles, with one of them left out it does not. Usersets on the way, which one table lists too, are no types of subjects.
    /// </summary>
    [CorpusFact]
    public void The_subjects_of_every_member_have_the_types_SpiceDB_says()
    {
        int same = 0;
        foreach (string table in (string[])["TestTypecheckingJustTypes", "TestTypecheckingWithSubrelations"])
            foreach (JsonElement row in Rows(Tables + "pkg__schema__type_check_test.json", table))
                same += Holds($"{table}: {row.GetProperty("name").GetString()}", row.GetProperty("schemaText").GetString() ?? "", row.GetProperty("expected"));
        output.WriteLine($"{same} members");
        Assert.True(same >= 40);
    }

    /// <summary>How many members were held. Rows also name members that their schema does not have; the wildcards of usersets SpiceDB's tests do not validate are made plain.</summary>
    private static int Holds(string name, string schema, JsonElement expected)
    {
        schema = "use typechecking\n" + schema.Replace("relation member: user:*", "relation member: user", StringComparison.Ordinal);
        int held = 0;
        foreach (JsonProperty member in expected.EnumerateObject())
        {
            string[] parts = member.Name.Split('#');
            int body = schema.IndexOf($"definition {parts[0]} {{", StringComparison.Ordinal) + $"definition {parts[0]} {{".Length;
            if (!Regex.IsMatch(schema[body..].Split('}')[0], $@"(relation|permission) {parts[1]}\b")) continue;
            string[] types = [.. member.Value.EnumerateArray().Select(type => type.GetString() ?? "").Where(type => !type.Contains('#'))];
            string Probed(IEnumerable<string> listed) => schema.Insert(body, $"\npermission probe: {string.Join(" | ", listed)} = {parts[1]}\n");
            Assert.True(!Errors(Probed(types)).Any(), $"{name}, {member.Name}: {string.Join(" ", Errors(Probed(types)))}");
            foreach (string left in types)
                Assert.Equal(["AZ0306"], Errors(Probed(types.Where(type => type != left).DefaultIfEmpty("nobody"))).Where(code => code != "AZ0201"));
            held++;
        }
        return held;
    }

    private static string WithoutTenant(string schema) => schema.Replace("sometenant/", "", StringComparison.Ordinal);

    private static string? Refused(string input, string expected)
    {
        Diagnostic[] errors = [.. Compilation.Of(input).Diagnostics.Where(d => d.Severity == Severity.Error)];
        Match line = Regex.Match(expected, @"(?:line |ERROR: \w+/\w+:)(\d+)");
        if (errors.Length == 0) return "is not refused";
        bool isThere = !line.Success || errors.Any(e => e.Position.Line.ToString(CultureInfo.InvariantCulture) == line.Groups[1].Value);
        return isThere ? null : $"{expected}, here {string.Join("; ", errors.Select(e => e.ToString()))}";
    }

    private static string? Meant(string input, string proto)
    {
        string flags = string.Concat(Regex.Matches(input, "^use (?!partial).*$", RegexOptions.Multiline).Select(use => $"{use.Value}\n"));
        (string here, string there) = Completed(input, flags + proto);
        Compilation ours = Compilation.Of(here), theirs = Compilation.Of(there);
        if (ours.Schema is not { } one || theirs.Schema is not { } other)
            return $"{string.Join("; ", ours.Diagnostics.Concat(theirs.Diagnostics).Where(d => d.Severity == Severity.Error))}\n{here}\n{there}";
        (string Meaning, string Comments) mine = (SchemaText.Of(one), Comments(one)), its = (SchemaText.Of(other), Comments(other));
        return mine == its ? null : $"{mine}\n{its}";
    }

    private static string Comments(CompiledSchema schema) =>
        string.Join('|', schema.Types.Select(type => type.Comment).Concat(schema.Members.Select(member => member.Comment)));

    /// <summary>Adds what is missing until nothing is: a definition, a relation that holds users, a caveat.</summary>
    private static (string, string) Completed(string input, string proto)
    {
        for (int round = 0; round < 10; round++)
        {
            Diagnostic[] missing = [.. Compilation.Of(input).Diagnostics.Where(d => d.Code is "AZ0201" or "AZ0202" or "AZ0508" or "AZ0113")];
            foreach (Diagnostic one in missing.DistinctBy(d => d.Message))
            {
                string[] names = [.. Regex.Matches(one.Message, "`([^`]*)`").Select(name => name.Groups[1].Value)];
                string Add(string schema) => one.Code switch
                {
                    "AZ0201" => $"{schema}\ndefinition {names[0]} {{}}",
                    "AZ0202" => schema.Replace($"definition {names[0]} {{", $"definition {names[0]} {{\nrelation {names[1]}: {names[0]}\n", StringComparison.Ordinal),
                    "AZ0508" => $"{schema}\ncaveat {names[0]}(given bool) {{ given }}",
                    _ => $"{schema}\ncaveat expiration(given bool) {{ given }}",
                };
                (input, proto) = (Add(input), Add(proto));
            }
        }
        return (input, proto);
    }

    private static IEnumerable<string> Errors(string schema) =>
        Compilation.Of(schema).Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Code).Distinct();
}
