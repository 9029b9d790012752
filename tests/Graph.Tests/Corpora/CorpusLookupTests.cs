using System.Text.Json;
using AuthzGraph.Graph.Tests.Lookups;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Corpora;

/// <summary>What the suites of others expect, asked of checks and lookups themselves. Each difference is one that is listed with its reason.</summary>
public sealed class CorpusLookupTests(ITestOutputHelper output)
{
    private readonly List<string> _differences = [];
    private (int Checks, int Lookups) _count;

    [CorpusFact("openfga/suite")]
    public Task OpenFgas_suite_is_found_by_lookups() => RunAsync("openfga/suite", 0, 100);

    [CorpusFact("openfga/matrix")]
    public Task OpenFgas_matrix_is_found_by_lookups() => RunAsync("openfga/matrix", 100, 20);

    [CorpusFact("openfga/stores")]
    public Task OpenFgas_sample_stores_are_found_by_lookups() => RunAsync("openfga/stores", 50, 20);

    [CorpusFact("topaz")]
    public Task Topazs_checks_come_out_as_in_Topaz() => RunAsync("topaz", 186, 0);

    [CorpusFact("agents")]
    public Task Models_of_agents_come_out_as_their_pages_say() => RunAsync("agents", 10, 1);

    [CorpusFact("workloads")]
    public Task The_benchmarks_of_others_find_what_they_expect() => RunAsync("workloads", 0, 5);

    private async Task RunAsync(string corpus, int checks, int lookups)
    {
        foreach (CorpusCase one in CorpusFiles.Cases(corpus))
        {
            await using CorpusWorld world = await CorpusWorld.OpenAsync(one.Schema, one.Tuples);
            foreach (JsonElement check in one.Items("checks")) await CheckAsync(one, check);
            foreach (JsonElement lookup in one.Items("lookups").Concat(one.Items("lookupResources")).Concat(one.Items("lookupSubjects"))) Compare(one.Name, world, lookup);
            if (!one.Json.TryGetProperty("queries", out JsonElement queries)) continue;
            CorpusCase asked = one with { Json = queries };
            foreach (JsonElement lookup in asked.Items("lookupResources").Concat(asked.Items("lookupSubjects"))) Compare(one.Name, world, lookup);
        }
        output.WriteLine($"{_count.Checks} checks, {_count.Lookups} lookups");
        Assert.True(_differences.Count == 0, $"{_differences.Count} differences\n{string.Join('\n', _differences.Take(20))}");
        Assert.True(_count.Checks >= checks && _count.Lookups >= lookups, $"only {_count.Checks} checks and {_count.Lookups} lookups");
    }

    private async Task CheckAsync(CorpusCase one, JsonElement check)
    {
        IEnumerable<RelationTuple> more = check.TryGetProperty("extraRelationships", out JsonElement extra) ? extra.EnumerateArray().Select(e => RelationTuple.Parse(e.GetString() ?? "")) : [];
        await using CorpusWorld world = await CorpusWorld.OpenAsync(one.Schema, [.. one.Tuples, .. more]);
        RelationTuple asked = RelationTuple.Parse(Text(check, "check"));
        Answer answer = world.Snapshot.Check(new CheckQuestion(asked.Resource, asked.Relation, asked.Subject, default, Context(check)));
        _count.Checks++;
        JsonElement expected = check.GetProperty("expect");
        Outcome wanted = expected.ValueKind == JsonValueKind.String ? Outcome.Conditional : expected.GetBoolean() ? Outcome.Permitted : Outcome.Denied;
        Expect(answer.Outcome == wanted, $"{one.Name}: {check} came out as {answer.Outcome}");
    }

    private void Compare(string name, CorpusWorld world, JsonElement lookup)
    {
        _count.Lookups++;
        string[] found = lookup.TryGetProperty("resource", out _) ? Subjects(world, lookup) : Resources(world, lookup);
        if (lookup.TryGetProperty("expectCount", out JsonElement count)) Expect(found.Length == count.GetInt32(), $"{name}: {lookup} found {found.Length}");
        if (lookup.TryGetProperty("limit", out JsonElement limit)) Expect(found.Length == limit.GetInt32(), $"{name}: {lookup} found {found.Length}");
        if (!lookup.TryGetProperty("expect", out JsonElement expected)) return;
        string[] wanted = [.. expected.EnumerateArray().Select(e => e.GetString() ?? "").Order(StringComparer.Ordinal)];
        Expect(wanted.SequenceEqual(found), $"{name}: {lookup} found {string.Join(", ", found)}");
    }

    private static string[] Resources(CorpusWorld world, JsonElement lookup)
    {
        int? limit = lookup.TryGetProperty("limit", out JsonElement most) ? most.GetInt32() : null;
        using ResourceLookup resources = world.Snapshot.LookupResources(new ResourceLookupRequest
        {
            ResourceType = Text(lookup, "type"),
            Permission = Text(lookup, "permission"),
            Subject = SubjectRef.Parse(Text(lookup, "subject")),
            ContextJson = Context(lookup),
            Limit = limit,
        });
        List<string> found = [];
        while (resources.MoveNext())
            if (resources.Missing.IsEmpty) found.Add(resources.Id);
        return [.. found.Order(StringComparer.Ordinal)];
    }

    private static string[] Subjects(CorpusWorld world, JsonElement lookup)
    {
        string relation = lookup.TryGetProperty("subjectRelation", out JsonElement given) ? given.GetString() ?? "" : "";
        Paged<FoundSubject> found = Pages.Of(world.Snapshot, new SubjectLookupRequest
        {
            Resource = ObjectRef.Parse(Text(lookup, "resource")),
            Permission = Text(lookup, "permission"),
            SubjectType = Text(lookup, "subjectType"),
            SubjectRelation = relation.Length == 0 ? null : relation,
            ContextJson = Context(lookup),
        }, pageSize: null);
        return [.. found.Results.Where(r => !r.IsConditional).Select(r => r.Id).Order(StringComparer.Ordinal)];
    }

    private static string? Context(JsonElement asked) => asked.TryGetProperty("context", out JsonElement context) ? context.GetRawText() : null;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private void Expect(bool holds, string difference)
    {
        if (!holds) _differences.Add(difference);
    }
}
