using System.Collections.Immutable;
using System.Text.Json;
using AuthzGraph.SchemaCompiler.Cel;
using AuthzGraph.SchemaCompiler.Changes;
using AuthzGraph.SchemaCompiler.Tests.Cel;
using Xunit.Abstractions;

namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>
/// SpiceDB's own table of how caveats differ. Its rows are caveats that no schema could hold (parameters that the expression does
/// not use, or none at all), so they are compared as compiled caveats rather than as text.
/// </summary>
public class SpiceDbCaveatDiffTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, string> TheirNames = new()
    {
        ["CaveatCommentsChanged"] = nameof(ChangeKind.CaveatCommentChanged),
        ["AddedParameter"] = nameof(ChangeKind.CaveatParameterAdded),
        ["RemovedParameter"] = nameof(ChangeKind.CaveatParameterRemoved),
        ["ParameterTypeChanged"] = nameof(ChangeKind.CaveatParameterTypeChanged),
    };

    [CorpusFact]
    public void Caveats_differ_where_SpiceDB_s_differ()
    {
        int same = 0;
        foreach (JsonElement row in SpiceDbTables.Rows("spicedb/api-tables/pkg__diff__caveats__diff_test.json", "TestCaveatDiff"))
        {
            IEnumerable<string> found = SchemaDiff.Between(Schema(row.GetProperty("existing")), Schema(row.GetProperty("updated"))).Select(Text);
            Assert.Equal(row.GetProperty("expectedDeltas").EnumerateArray().Select(Delta), found);
            same++;
        }
        output.WriteLine($"{same} of 13 rows");
        Assert.Equal(13, same);
    }

    private static string Text(SchemaChange change) => change.Kind == ChangeKind.CaveatParameterTypeChanged
        ? $"{change.Kind} {change.Member} {change.Before} {change.After}"
        : $"{change.Kind} {change.Member}".TrimEnd();

    private static string Delta(JsonElement delta)
    {
        string theirs = Name(delta.GetProperty("Type"));
        string text = TheirNames.GetValueOrDefault(theirs, theirs);
        if (delta.TryGetProperty("ParameterName", out JsonElement parameter)) text += $" {parameter.GetString()}";
        foreach (string property in new[] { "PreviousType", "CurrentType" })
            if (delta.TryGetProperty(property, out JsonElement type)) text += $" {TypeOf(type.GetProperty("args")[0])}";
        return text;
    }

    /// <summary>A call of <c>MustCaveatDefinition(parameters, name, expression)</c>, or <c>…WithComment(parameters, name, comment, expression)</c>; null: no caveat.</summary>
    private static CompiledSchema Schema(JsonElement call)
    {
        if (call.ValueKind == JsonValueKind.Null) return CompiledSchema.Empty;
        JsonElement[] arguments = [.. call.GetProperty("args").EnumerateArray()];
        ImmutableArray<CelVariable> parameters = Parameters(arguments[0].GetProperty("args")[0]);
        string expression = arguments[^1].GetString() ?? "";
        CelProgram? program = CelCompiler.Compile(expression, parameters).Program;
        Assert.NotNull(program);
        Caveat caveat = new(new CaveatId(0), arguments[1].GetString() ?? "", parameters, expression, program)
        {
            Comment = arguments.Length > 3 ? arguments[2].GetString() : null,
        };
        return new CompiledSchema("", usesDelegation: false, [], [], [], [caveat]);
    }

    private static ImmutableArray<CelVariable> Parameters(JsonElement json) => json.ValueKind == JsonValueKind.Object
        ? [.. json.EnumerateObject().Select(parameter => new CelVariable(parameter.Name, TypeOf(parameter.Value)))]
        : [];

    private static CelType TypeOf(JsonElement type) => CelText.TypeOf(Name(type)["caveattypes.Default.".Length..^"Type".Length] switch
    {
        "Boolean" => "bool",
        var name => name.ToLowerInvariant(),
    });

    private static string Name(JsonElement constant) => constant.GetProperty("$id").GetString() ?? "";
}
