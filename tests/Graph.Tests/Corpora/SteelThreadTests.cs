using System.Text.Json;
using AuthzGraph.Graph.Tests.Lookups;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Corpora;

/// <summary>
/// The lookups of SpiceDB's steel thread tests. Its cursored pages give some resources twice; ours give each once, so what is compared is what all
/// pages hold together, and that no page but the last is short.
/// </summary>
public sealed class SteelThreadTests(ITestOutputHelper output)
{
    private const string Folder = "spicedb/steelthread";

    [CorpusFact(Folder)]
    public async Task Lookups_find_what_SpiceDb_finds()
    {
        int lookups = 0;
        foreach (JsonElement one in JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Corpus(Folder), "steelthread.give.json"))).RootElement.GetProperty("cases").EnumerateArray())
        {
            await using CorpusWorld world = await CorpusWorld.OpenAsync(Path.Combine(Repository.Corpus(Folder), Text(one, "datafile")));
            foreach (JsonElement operation in one.GetProperty("operations").EnumerateArray())
            {
                JsonElement arguments = operation.GetProperty("arguments");
                string[] found = Text(operation, "operation") switch
                {
                    "lookupSubjects" => Subjects(world, arguments),
                    "lookupResources" or "cursoredLookupResources" => Resources(world, arguments),
                    _ => [],
                };
                if (found.Length == 0) continue;
                lookups++;
                Assert.Equal(Expected(operation.GetProperty("expected")), found.Order(StringComparer.Ordinal));
            }
        }
        output.WriteLine($"{lookups} lookups");
        Assert.Equal(19, lookups);
    }

    private static string[] Subjects(CorpusWorld world, JsonElement arguments) => [.. Pages.Of(world.Snapshot, new SubjectLookupRequest
    {
        Resource = new ObjectRef(Text(arguments, "resource_type"), Text(arguments, "resource_object_id")),
        Permission = Text(arguments, "permission"),
        SubjectType = Text(arguments, "subject_type"),
    }, pageSize: null).Results.Select(found => found.Excluded.IsEmpty ? found.Id : $"{found.Id} - [{string.Join(", ", found.Excluded)}]")];

    private static string[] Resources(CorpusWorld world, JsonElement arguments)
    {
        Paged<FoundResource> found = Pages.Of(world.Snapshot, new ResourceLookupRequest
        {
            ResourceType = Text(arguments, "resource_type"),
            Permission = Text(arguments, "permission"),
            Subject = new SubjectRef(new ObjectRef(Text(arguments, "subject_type"), Text(arguments, "subject_object_id"))),
        }, arguments.TryGetProperty("page_size", out JsonElement size) ? size.GetInt32() : null);
        Assert.Null(found.Rejected);
        return [.. found.Results.Select(r => r.Id)];
    }

    private static IEnumerable<string> Expected(JsonElement expected) =>
        expected.EnumerateArray().SelectMany(e => e.ValueKind == JsonValueKind.Array ? e.EnumerateArray() : Enumerable.Repeat(e, 1))
            .Select(e => e.GetString() ?? "").Distinct().Order(StringComparer.Ordinal);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
