using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Rpc;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Xunit.Abstractions;
using Operation = AuthzGraph.Protocol.Authzed.RelationshipUpdate.Types.Operation;

namespace AuthzGraph.Server.Tests;

/// <summary>The rows of SpiceDB's own tests of relationships, sent over gRPC, read where they lie.</summary>
public sealed class SpiceDbTableTests(ITestOutputHelper output)
{
    private const string Folder = "spicedb/api-tables";
    private const string Service = "/authzed.api.v1.PermissionsService/";

    // rows whose recorded answer is not ours, each with the reason (docs/spicedb.md)
    private static readonly Dictionary<string, string> Different = new()
    {
        ["TestReadRelationships: bad objectId"] = "ids may hold any characters but blanks, controls and #[]",
        ["TestInvalidWriteRelationship: good precondition, invalid update"] = "the same",
        ["TestInvalidWriteRelationship: invalid precondition, good write"] = "the same",
        ["TestInvalidWriteRelationship: disallowed caveat"] = "that the schema has no such caveat is said before what the relation allows",
        ["TestInvalidWriteRelationship: caveated and uncaveated versions of the same relationship"] = "the same",
    };

    private int _rows;
    private readonly List<string> _different = [];

    [CorpusFact(Folder)]
    public async Task Relationships_are_read_as_recorded()
    {
        ILookup<string, Row> tables = Tables();
        await using TestServer server = await StandardAsync();
        foreach (Row row in tables["TestReadRelationships"])
        {
            RawGrpc.Answer answer = await PostAsync(server, "ReadRelationships", Read(row["filter"]));
            string[]? expected = row["expected"] is JsonObject found ? [.. found.Select(p => p.Key.Replace("#...", "", StringComparison.Ordinal))] : null;
            Expect(row, answer, expected);
        }
        Report(19);
    }

    [CorpusFact(Folder)]
    public async Task Relationships_with_caveats_and_ends_are_read_as_recorded()
    {
        ILookup<string, Row> tables = Tables();
        foreach (Row row in tables["TestReadRelationshipsWithTraitsAndFilters"])
        {
            string[] tuples = [.. (row["setupRelationships"]?.AsArray() ?? []).Select(t => (string?)t ?? "")];
            await using TestServer server = await FilledAsync((string?)row["schema"] ?? "", tuples);
            string[]? expected = row["expectedRelationships"]?.AsArray().Select(t => (string?)t ?? "").ToArray();
            Expect(row, await PostAsync(server, "ReadRelationships", Read(row["filter"])), expected);
        }
        Report(16);
    }

    [CorpusFact(Folder)]
    public async Task Writes_are_refused_as_recorded()
    {
        ILookup<string, Row> tables = Tables();
        await using TestServer server = await StandardAsync();
        foreach (Row row in tables["TestInvalidWriteRelationship"])
        {
            var request = new WriteRelationshipsRequest();
            foreach (JsonNode? one in row["preconditions"]?.AsArray() ?? []) request.OptionalPreconditions.Add(PreconditionOf(one));
            foreach (JsonNode? one in row["relationships"]?.AsArray() ?? []) request.Updates.Add(UpdateOf(one));
            Expect(row, await PostAsync(server, "WriteRelationships", request), null);
        }
        Report(17);
    }

    [CorpusFact(Folder)]
    public async Task Deletes_answer_as_recorded()
    {
        ILookup<string, Row> tables = Tables();
        foreach (Row row in tables["TestDeleteRelationships"])
        {
            await using TestServer server = await StandardAsync();
            Expect(row, await PostAsync(server, "DeleteRelationships", JsonParser.Default.Parse<DeleteRelationshipsRequest>(Fields(row["req"]).ToJsonString())), null);
        }
        Report(21);
    }

    private void Expect(Row row, RawGrpc.Answer answer, string[]? expected)
    {
        _rows++;
        RpcCode code = (string?)row["expectedCode"]?["$id"] is { } name ? System.Enum.Parse<RpcCode>(name["codes.".Length..], ignoreCase: true) : RpcCode.Ok;
        string[] found = [.. Messages(answer.Body).Select(Text).Order(StringComparer.Ordinal)];
        bool agrees = answer.Code == code && (expected is null || code != RpcCode.Ok || found.SequenceEqual(expected.Order(StringComparer.Ordinal)));
        Assert.True(agrees != Different.ContainsKey(row.Name), $"{row.Name}: {answer.Code} {answer.Message}\n{string.Join('\n', found)}");
        if (!agrees) _different.Add($"{row.Name}: {Different[row.Name]}");
    }

    private void Report(int rows)
    {
        output.WriteLine($"{_rows - _different.Count} of {_rows} rows as recorded");
        foreach (string different in _different) output.WriteLine($"differs: {different}");
        Assert.Equal(rows, _rows);
    }

    private static Task<RawGrpc.Answer> PostAsync(TestServer server, string method, IMessage request) => RawGrpc.PostAsync(server, RawGrpc.Frame(request), Service + method);

    private static ReadRelationshipsRequest Read(JsonNode? filter) => new()
    {
        Consistency = new Consistency { FullyConsistent = true },
        RelationshipFilter = JsonParser.Default.Parse<RelationshipFilter>(Fields(filter).ToJsonString()),
    };

    private static IEnumerable<ReadRelationshipsResponse> Messages(byte[] body)
    {
        for (int at = 0; at + 5 <= body.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at + 1));
            yield return ReadRelationshipsResponse.Parser.ParseFrom(body, at + 5, length);
            at += 5 + length;
        }
    }

    private static string Text(ReadRelationshipsResponse read)
    {
        if (read.Relationship is not { } one) return "";
        string subject = $"{one.Subject.Object.ObjectType}:{one.Subject.Object.ObjectId}{(one.Subject.OptionalRelation.Length > 0 ? "#" + one.Subject.OptionalRelation : "")}";
        string caveat = one.OptionalCaveat is { } with ? $"[{with.CaveatName}{(with.Context?.Fields.Count > 0 ? ":" + JsonNode.Parse(with.Context.ToString())?.ToJsonString() : "")}]" : "";
        string end = one.OptionalExpiresAt is { } at ? $"[expiration:{at.ToString().Trim('"')}]" : "";
        return $"{one.Resource.ObjectType}:{one.Resource.ObjectId}#{one.Relation}@{subject}{caveat}{end}";
    }

    private static RelationshipUpdate UpdateOf(JsonNode? row)
    {
        var update = new RelationshipUpdate { Operation = Operation.Create };
        if (row is not JsonObject call) return update;
        string[] args = [.. (call["args"]?.AsArray() ?? []).Select(a => (string?)a ?? "")];
        update.Relationship = new Relationship
        {
            Resource = new ObjectReference { ObjectType = args[0], ObjectId = args[1] },
            Relation = args[2],
            Subject = new SubjectReference { Object = new ObjectReference { ObjectType = args[3], ObjectId = args[4] }, OptionalRelation = args[5] },
            OptionalCaveat = args.Length > 6 ? new ContextualizedCaveat { CaveatName = args[6] } : null,
        };
        return update;
    }

    private static Protocol.Authzed.Precondition PreconditionOf(JsonNode? row)
    {
        var precondition = new Protocol.Authzed.Precondition { Operation = Protocol.Authzed.Precondition.Types.Operation.MustMatch };
        if (row is not JsonObject call) return precondition;
        JsonArray args = call["args"]?.AsArray() ?? [];
        precondition.Filter = new RelationshipFilter
        {
            ResourceType = (string?)args[0] ?? "", OptionalResourceId = (string?)args[1] ?? "", OptionalRelation = (string?)args[2] ?? "",
            OptionalSubjectFilter = new SubjectFilter { SubjectType = (string?)args[3] ?? "", OptionalSubjectId = (string?)args[4] ?? "" },
        };
        return precondition;
    }

    /// <summary>A Go literal as protobuf's JSON: names in lower case, constants by what they stand for, an empty list for an empty message.</summary>
    private static JsonNode Fields(JsonNode? node) => node switch
    {
        JsonObject { Count: 1 } constant when constant["$id"] is { } id => (string?)id switch
        {
            "tf.DocumentNS.Name" => "document",
            { } name => name[(name.IndexOf('_', StringComparison.Ordinal) + 1)..],
            null => "",
        },
        JsonObject fields => new JsonObject(fields.Select(f => KeyValuePair.Create<string, JsonNode?>(char.ToLowerInvariant(f.Key[0]) + f.Key[1..], Fields(f.Value)))),
        JsonArray { Count: 0 } => new JsonObject(),
        JsonArray items => new JsonArray([.. items.Select(Fields)]),
        { } value => value.DeepClone(),
        null => new JsonObject(),
    };

    private static async Task<TestServer> StandardAsync()
    {
        JsonNode fixture = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Corpus(Folder), "_standard-fixture.json"))) ?? new JsonObject();
        string[] tuples = [.. (fixture["relationships"]?.AsArray() ?? []).Select(t => (string?)t ?? "")];
        return await FilledAsync((string?)fixture["schema"] ?? "", tuples);
    }

    private static async Task<TestServer> FilledAsync(string schema, string[] tuples)
    {
        TestServer server = await TestServer.StartAsync();
        await server.Client.WriteSchemaAsync(new() { Text = schema });
        if (tuples.Length > 0) await server.Client.WriteRelationshipsAsync(Words.Touch(tuples));
        return server;
    }

    private static ILookup<string, Row> Tables()
    {
        JsonNode file = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Corpus(Folder), "internal__services__v1__relationships_test.json"))) ?? new JsonObject();
        return (file["tables"]?.AsArray() ?? []).SelectMany(table => (table?["rows"]?.AsArray() ?? []).Select(row => new Row((string?)table?["func"] ?? "", table?["fields"]?.AsArray() ?? [], row)))
            .ToLookup(row => row.Table);
    }

    /// <summary>A row whose values stand by name or in the order of the table's fields, the expected code before an empty place.</summary>
    private sealed record Row(string Table, JsonArray Names, JsonNode? Values)
    {
        public string Name => $"{Table}: {(string?)this["name"]}";

        public JsonNode? this[string field] => Values switch
        {
            JsonObject named => named[field],
            JsonArray values when field == (string?)Names[^1] => values[^1],
            JsonArray values => values[Names.Select(n => (string?)n).ToList().IndexOf(field)],
            _ => null,
        };
    }
}
