using System.Text.Json;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using Xunit.Abstractions;

namespace AuthzGraph.Server.Tests;

/// <summary>
/// SpiceDB's steel thread tests over gRPC. Its cursored lookups give some resources twice and its pages have another order than ours: so all pages
/// together are compared, each result once, and that none but the last page is short. Everything else is compared as it stands.
/// </summary>
public sealed class SpiceDbSteelThreadTests(ITestOutputHelper output)
{
    private const string Folder = "spicedb/steelthread";

    [CorpusFact(Folder)]
    public async Task Every_operation_is_answered_as_recorded()
    {
        int operations = 0;
        foreach (JsonElement one in JsonDocument.Parse(File.ReadAllText(PathOf("steelthread.give.json"))).RootElement.GetProperty("cases").EnumerateArray())
        {
            await using TestServer server = await FilledAsync(Text(one, "datafile"));
            foreach (JsonElement operation in one.GetProperty("operations").EnumerateArray())
            {
                await AnswersAsync(server, operation);
                operations++;
            }
        }
        output.WriteLine($"{operations} operations");
        Assert.Equal(27, operations);
    }

    private static async Task AnswersAsync(TestServer server, JsonElement operation)
    {
        JsonElement arguments = operation.GetProperty("arguments"), expected = operation.GetProperty("expected");
        switch (Text(operation, "operation"))
        {
            case "lookupSubjects":
                Assert.Equal(Sorted(Strings(expected)), Sorted(await SubjectsAsync(server, arguments)));
                break;
            case "lookupResources":
                Assert.Equal(Sorted(Strings(expected)), Sorted((await ResourcePagesAsync(server, arguments)).SelectMany(page => page)));
                break;
            case "cursoredLookupResources":
                Same(expected, await ResourcePagesAsync(server, arguments), PageSize(arguments));
                break;
            case "cursoredReadRelationships":
                Same(expected, await ReadPagesAsync(server, arguments), PageSize(arguments));
                break;
            case "bulkCheckPermissions":
                Assert.Equal(Strings(expected), await CheckedAsync(server, [.. Strings(arguments.GetProperty("check_requests"))]));
                break;
            case "bulkImportExportRelationships":
                Assert.Equal(Sorted(Strings(expected)), Sorted(await ImportedAndExportedAsync(server, arguments)));
                break;
            case var unknown:
                Assert.Fail($"no such operation: {unknown}");
                break;
        }
    }

    private static void Same(JsonElement expected, List<string[]> pages, uint size)
    {
        Assert.Equal(Sorted(expected.EnumerateArray().SelectMany(Strings).Distinct()), Sorted(pages.SelectMany(page => page)));
        Assert.All(pages.SkipLast(1), page => Assert.Equal(size, (uint)page.Length));
    }

    private static async Task<IEnumerable<string>> SubjectsAsync(TestServer server, JsonElement arguments)
    {
        LookupSubjectsResponse[] found = await SpiceDbWords.CallAsync<LookupSubjectsResponse>(server, "PermissionsService/LookupSubjects", new LookupSubjectsRequest
        {
            Consistency = SpiceDbWords.Full,
            Resource = SpiceDbWords.Object(Text(arguments, "resource_type"), Text(arguments, "resource_object_id")),
            Permission = Text(arguments, "permission"),
            SubjectObjectType = Text(arguments, "subject_type"),
        });
        return found.Select(one => one.ExcludedSubjects.Count == 0
            ? one.Subject.SubjectObjectId
            : $"{one.Subject.SubjectObjectId} - [{string.Join(", ", Sorted(one.ExcludedSubjects.Select(e => e.SubjectObjectId)))}]");
    }

    /// <summary>Page after page, each asked with the cursor of the one before, until one is empty; one page where no size is given.</summary>
    private static async Task<List<string[]>> ResourcePagesAsync(TestServer server, JsonElement arguments)
    {
        var request = new LookupResourcesRequest
        {
            Consistency = SpiceDbWords.Full,
            ResourceObjectType = Text(arguments, "resource_type"),
            Permission = Text(arguments, "permission"),
            Subject = SpiceDbWords.Subject(Text(arguments, "subject_type"), Text(arguments, "subject_object_id")),
            OptionalLimit = PageSize(arguments),
        };
        List<string[]> pages = [];
        while (await SpiceDbWords.CallAsync<LookupResourcesResponse>(server, "PermissionsService/LookupResources", request) is { Length: > 0 } page)
        {
            pages.Add([.. page.Select(one => one.ResourceObjectId)]);
            if (request.OptionalLimit == 0) break;
            request.OptionalCursor = page[^1].AfterResultCursor;
        }
        return pages;
    }

    private static async Task<List<string[]>> ReadPagesAsync(TestServer server, JsonElement arguments)
    {
        var filter = new RelationshipFilter { ResourceType = Text(arguments, "resource_type"), OptionalResourceId = Text(arguments, "resource_id") };
        var request = new ReadRelationshipsRequest { Consistency = SpiceDbWords.Full, RelationshipFilter = filter, OptionalLimit = PageSize(arguments) };
        List<string[]> pages = [];
        while (await SpiceDbWords.CallAsync<ReadRelationshipsResponse>(server, "PermissionsService/ReadRelationships", request) is { Length: > 0 } page)
        {
            pages.Add([.. page.Select(one => SpiceDbWords.Text(one.Relationship))]);
            request.OptionalCursor = page[^1].AfterResultCursor;
        }
        return pages;
    }

    private static async Task<IEnumerable<string>> CheckedAsync(TestServer server, string[] questions)
    {
        var request = new CheckBulkPermissionsRequest { Consistency = SpiceDbWords.Full };
        foreach (RelationTuple question in questions.Select(text => RelationTuple.Parse(text)))
        {
            request.Items.Add(new CheckBulkPermissionsRequestItem
            {
                Resource = SpiceDbWords.Object(question.Resource.Type, question.Resource.Id),
                Permission = question.Relation,
                Subject = SpiceDbWords.Subject(question.Subject.Object.Type, question.Subject.Object.Id),
            });
        }
        CheckBulkPermissionsResponse answer = Assert.Single(await SpiceDbWords.CallAsync<CheckBulkPermissionsResponse>(server, "PermissionsService/CheckBulkPermissions", request));
        return answer.Pairs.Zip(questions, (pair, question) => $"{question} -> {Name(pair.Item.Permissionship)}");

        static string Name(CheckPermissionResponse.Types.Permissionship permissionship) => permissionship switch
        {
            CheckPermissionResponse.Types.Permissionship.HasPermission => "PERMISSIONSHIP_HAS_PERMISSION",
            CheckPermissionResponse.Types.Permissionship.NoPermission => "PERMISSIONSHIP_NO_PERMISSION",
            _ => "PERMISSIONSHIP_CONDITIONAL_PERMISSION",
        };
    }

    private static async Task<IEnumerable<string>> ImportedAndExportedAsync(TestServer server, JsonElement arguments)
    {
        string[] lines = File.ReadAllLines(PathOf(Text(arguments, "rels_file")));
        var import = new ImportBulkRelationshipsRequest();
        import.Relationships.AddRange(lines.Where(line => line.Length > 0).Select(line => Relationship(RelationTuple.Parse(line))));
        ImportBulkRelationshipsResponse imported = Assert.Single(await SpiceDbWords.CallAsync<ImportBulkRelationshipsResponse>(server, "PermissionsService/ImportBulkRelationships", import));
        Assert.Equal((ulong)import.Relationships.Count, imported.NumLoaded);

        uint limit = arguments.TryGetProperty("optional_limit", out JsonElement most) ? most.GetUInt32() : 0;
        var export = new ExportBulkRelationshipsRequest { Consistency = SpiceDbWords.Full, OptionalLimit = limit };
        ExportBulkRelationshipsResponse[] pages = await SpiceDbWords.CallAsync<ExportBulkRelationshipsResponse>(server, "PermissionsService/ExportBulkRelationships", export);
        if (limit > 0) Assert.All(pages, page => Assert.InRange(page.Relationships.Count, 0, (int)limit));
        return pages.SelectMany(page => page.Relationships).Select(SpiceDbWords.Text);
    }

    private static Relationship Relationship(RelationTuple tuple) => new()
    {
        Resource = SpiceDbWords.Object(tuple.Resource.Type, tuple.Resource.Id),
        Relation = tuple.Relation,
        Subject = SpiceDbWords.Subject(tuple.Subject.Object.Type, tuple.Subject.Object.Id),
        OptionalCaveat = tuple.Caveat is { } caveat
            ? new ContextualizedCaveat { CaveatName = caveat.Name, Context = Google.Protobuf.WellKnownTypes.Struct.Parser.ParseJson(caveat.ContextJson ?? "{}") }
            : null,
        OptionalExpiresAt = tuple.Window.ExpiresAt == Instant.Never
            ? null
            : Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(tuple.Window.ExpiresAt.ToDateTimeOffset()),
    };

    private static async Task<TestServer> FilledAsync(string file)
    {
        (string schema, IReadOnlyList<RelationTuple> tuples) = CorpusFiles.Read(PathOf(file));
        TestServer server = await TestServer.StartAsync();
        await server.Client.WriteSchemaAsync(new() { Text = schema });
        foreach (RelationTuple[] some in tuples.Chunk(1_000)) await server.Client.WriteRelationshipsAsync(Words.Touch([.. some.Select(tuple => tuple.ToString())]));
        return server;
    }

    private static string PathOf(string file) => Path.Combine(Repository.Corpus(Folder), file);

    private static uint PageSize(JsonElement arguments) => arguments.TryGetProperty("page_size", out JsonElement size) ? size.GetUInt32() : 0;

    private static IEnumerable<string> Strings(JsonElement list) => list.EnumerateArray().Select(one => one.GetString() ?? "");

    private static IEnumerable<string> Sorted(IEnumerable<string> texts) => texts.Order(StringComparer.Ordinal);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
