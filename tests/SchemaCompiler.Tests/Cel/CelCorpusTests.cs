using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AuthzGraph.SchemaCompiler.Cel;
using AuthzGraph.SchemaCompiler.Changes;
using Xunit.Abstractions;

namespace AuthzGraph.SchemaCompiler.Tests.Cel;

/// <summary>
/// The conformance tests of google/cel-spec, read in place. A test that asks for a value must give that value; one that asks for an
/// error must be refused by the compiler or end as an error.
/// </summary>
public sealed class CelCorpusTests(ITestOutputHelper output)
{
    [CorpusFact]
    public void Every_conformance_test_of_what_a_caveat_can_say_gives_its_answer()
    {
        List<string> differences = [];
        Dictionary<string, int> skipped = [];
        int ran = 0, all = 0;
        foreach (CelCase test in CelCase.All())
        {
            all++;
            if (test.ReasonToSkip() is { } reason)
            {
                skipped[reason] = skipped.GetValueOrDefault(reason) + 1;
                if (test.IsRefused) continue;
                differences.Add($"{test.Name}: it is skipped, and compiles");
                continue;
            }
            ran++;
            string got = test.Run();
            if (got != test.Expected) differences.Add($"{test.Name}: {test.Expression}\n  expected {test.Expected}\n  got      {got}");
        }
        output.WriteLine($"{ran} of {all} ran");
        foreach ((string reason, int count) in skipped) output.WriteLine($"{count} skipped: {reason}");
        Assert.Equal("", string.Join('\n', differences));
        Assert.True(ran >= 449, $"only {ran} of {all} ran");
    }

    /// <summary>How a diff prints an expression: on one line, and it means what the author's text means.</summary>
    [CorpusFact]
    public void An_expression_printed_by_a_diff_is_the_same_expression()
    {
        int printed = 0;
        foreach (CelCase test in CelCase.All().Where(test => test.ReasonToSkip() is null && !test.IsRefused))
        {
            CelCase canonical = test with { Expression = Printed(test.Expression) };
            Assert.DoesNotContain('\n', canonical.Expression);
            Assert.Equal(canonical.Expression, Printed(canonical.Expression));
            Assert.Equal(test.Run(), canonical.Run());
            printed++;
        }
        output.WriteLine($"{printed} expressions");
        Assert.True(printed >= 400);
    }

    private static string Printed(string expression) =>
        SchemaDiff.Between(Caveat("\"something else\""), Caveat(expression)).Single(change => change.Kind == ChangeKind.CaveatExpressionChanged).After ?? "";

    private static CompiledSchema Caveat(string expression)
    {
        CelProgram any = CelText.Compile("true");
        return new CompiledSchema("", usesDelegation: false, [], [], [], [new Caveat(new CaveatId(0), "caveat", [], expression, any)]);
    }
}

/// <summary>One test of the corpus.</summary>
internal sealed record CelCase(string Name, string Expression, JsonElement Json)
{
    public static IEnumerable<CelCase> All() =>
        from file in Directory.EnumerateFiles(Path.Combine(Corpus.Folder, "cel"), "*.json").Order(StringComparer.Ordinal)
        from test in Corpus.Json(file).GetProperty("tests").EnumerateArray()
        let name = $"{Path.GetFileNameWithoutExtension(file)}/{test.GetProperty("section")}/{test.GetProperty("name")}"
        select new CelCase(name, test.GetProperty("expr").GetString() ?? "", test);

    public string Expected => Json.TryGetProperty("value", out JsonElement value) ? Literal(value) : "error";

    /// <summary>Null for a test that a caveat can run.</summary>
    public string? ReasonToSkip()
    {
        if (Bindings.Any(binding => binding.Name.Contains('.')) || Name.Contains("qualified_identifier_resolution/qualified"))
            return "a parameter's name has no dots (namespaces)";
        return Unchecked.Any(Name.Contains) ? "it gives a value only if types are not checked, and caveats are checked" : null;
    }

    /// <summary>Tests that ask for a value although a function or a parameter does not exist, or a type is wrong.</summary>
    private static readonly string[] Unchecked =
    [
        "parse/receiver_function_names/", "/unbound_is_runtime_error", "logic/conditional/mixed_type",
        "logic/AND/short_circuit_type_", "logic/OR/short_circuit_type_",
    ];

    public bool IsRefused => CelCompiler.Compile(Expression, Variables).Program is null;

    public string Run()
    {
        CelProgram? program = CelCompiler.Compile(Expression, Variables).Program;
        if (program is null) return "error";
        CelResult result = program.Evaluate(CelText.Bind(program, Context), CelLimits.Default);
        return result.Outcome == CelOutcome.Error ? "error" : result.ToString();
    }

    private IEnumerable<JsonProperty> Bindings => Json.TryGetProperty("bindings", out JsonElement bindings) ? bindings.EnumerateObject() : [];

    private ImmutableArray<CelVariable> Variables => [.. Bindings.Select(binding => new CelVariable(binding.Name, TypeOf(binding.Value)))];

    private string Context => $"{{{string.Join(", ", Bindings.Select(binding => $"{JsonSerializer.Serialize(binding.Name)}: {ToJson(binding.Value)}"))}}}";

    private static CelType TypeOf(JsonElement typed)
    {
        JsonProperty value = typed.EnumerateObject().Single();
        return value.Name switch
        {
            "list" => CelType.ListOf(value.Value.GetArrayLength() == 0 ? CelType.Any : TypeOf(value.Value[0])),
            "map" => CelType.MapOf(value.Value.GetArrayLength() == 0 ? CelType.Any : TypeOf(value.Value[0][1])),
            _ => CelType.Named(value.Name) ?? CelType.Any,
        };
    }

    private static string ToJson(JsonElement typed)
    {
        JsonProperty value = typed.EnumerateObject().Single();
        return value.Name switch
        {
            "list" => $"[{string.Join(", ", value.Value.EnumerateArray().Select(ToJson))}]",
            "map" => $"{{{string.Join(", ", value.Value.EnumerateArray().Select(entry => $"{entry[0].GetProperty("string").GetRawText()}: {ToJson(entry[1])}"))}}}",
            _ => value.Value.GetRawText(),
        };
    }

    /// <summary>The corpus's own notation of a value, as CEL; written apart from the compiler's.</summary>
    private static string Literal(JsonElement typed)
    {
        JsonProperty value = typed.EnumerateObject().Single();
        string text = value.Value.ValueKind == JsonValueKind.String ? value.Value.GetString() ?? "" : "";
        return value.Name switch
        {
            "null" => "null",
            "bool" => value.Value.GetBoolean() ? "true" : "false",
            "int" => text,
            "uint" => $"{text}u",
            "double" => Double(double.Parse(text, CultureInfo.InvariantCulture)),
            "string" => Quoted(text),
            "bytes" => $"b\"{string.Concat(Bytes(value.Value).Select(Octet))}\"",
            "list" => $"[{string.Join(", ", value.Value.EnumerateArray().Select(Literal))}]",
            "map" => $"{{{string.Join(", ", value.Value.EnumerateArray().Select(entry => $"{Literal(entry[0])}: {Literal(entry[1])}").Order(StringComparer.Ordinal))}}}",
            _ => throw new NotSupportedException($"a value of kind {value.Name}"),
        };
    }

    private static string Double(double value) => value == Math.Truncate(value) ? $"{value:0}.0" : value.ToString("R", CultureInfo.InvariantCulture);

    private static byte[] Bytes(JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? Convert.FromHexString(value.GetProperty("$bytes").GetString() ?? "")
        : Encoding.UTF8.GetBytes(value.GetString() ?? "");

    private static string Octet(byte octet) =>
        octet is < 0x20 or >= 0x7F or (byte)'"' or (byte)'\\' ? $"\\x{octet:x2}" : ((char)octet).ToString();

    private static string Quoted(string text) => $"\"{string.Concat(text.Select(unit =>
        unit is '"' or '\\' ? $"\\{unit}" : char.IsControl(unit) ? $"\\u{(int)unit:x4}" : unit.ToString()))}\"";
}
