using AuthzGraph.Client;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AuthzGraph.Server.Tests.Stores;

/// <summary>
/// Two stores of one server with what the tables ask for, alike but for a name: what is called X is <c>secret</c> in one and <c>plain</c> in the
/// other. Each method of each service is called; a method that isn't on the table fails the test.
/// </summary>
public sealed class IsolationTests : IAsyncLifetime
{
    private const string Secret = "secret";

    // what is in one store alone; the other has a vault that nobody may see into
    private static readonly string[] OfTheFirst = ["document:vault#viewer@user:shared"];

    private readonly TemporaryDirectory _data = new();
    private StoreServer? _server;
    private HttpClient? _http;

    private StoreServer Server => _server ?? throw new InvalidOperationException("not started");

    private HttpClient Http => _http ?? throw new InvalidOperationException("not started");

    public async Task InitializeAsync()
    {
        _server = await StoreServer.StartAsync(_data.Path);
        _http = new HttpClient { BaseAddress = _server.Host.GrpcAddress, DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        foreach (string store in (string[])["first", "second"])
        {
            await _server.Default.CreateStoreAsync(new() { Name = store });
            await _server.Of(store).WriteSchemaAsync(new() { Text = IsolationTable.Schema.Replace("X", NameIn(store), StringComparison.Ordinal) });
        }
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public void Every_method_of_every_service_is_on_the_table() =>
        Assert.Equal(Methods.Keys.Order(StringComparer.Ordinal), IsolationTable.Rows.Select(row => row.Method).Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_call_in_one_store_neither_tells_nor_changes_what_is_in_another()
    {
        (string first, string second) = (await FillAsync("first", OfTheFirst), await FillAsync("second", []));
        string before = await ContentAsync("first");
        Assert.Contains(Secret, before);
        List<string> wrong = [];
        foreach (IsolationTable.Row row in IsolationTable.Rows)
        {
            (RpcCode code, string told) = await CallAsync("second", row, second);
            if (!row.Ends(code)) wrong.Add($"{row.Method} in the second: {code} {told}");
            if (told.Contains(row.Shows ?? Secret, StringComparison.Ordinal)) wrong.Add($"{row.Method} tells: {told}");
            if (await ContentAsync("first") != before) wrong.Add($"{row.Method} changed the first");
            if (row.Shows is not { } shown) continue;
            (code, told) = await CallAsync("first", row, first);
            if (!row.Ends(code) || !told.Contains(shown, StringComparison.Ordinal)) wrong.Add($"{row.Method} in the first shows no `{shown}`: {code} {told}");
        }
        Assert.Equal("", string.Join('\n', wrong));
        Assert.DoesNotContain("plain", before);
    }

    [Theory]
    [InlineData("/access/v1/evaluation", "{SUBJECT,ACTION,\"resource\":{\"type\":\"document\",\"id\":\"vault\"}}", "true")]
    [InlineData("/access/v1/evaluations", "{\"evaluations\":[{SUBJECT,ACTION,\"resource\":{\"type\":\"document\",\"id\":\"vault\"}}]}", "true")]
    [InlineData("/access/v1/search/subject", "{\"subject\":{\"type\":\"user\"},ACTION,\"resource\":{\"type\":\"document\",\"id\":\"plan\"}}", Secret)]
    [InlineData("/access/v1/search/resource", "{SUBJECT,ACTION,\"resource\":{\"type\":\"document\"}}", Secret)]
    [InlineData("/access/v1/search/action", "{SUBJECT,\"resource\":{\"type\":\"document\",\"id\":\"plan\"}}", "secret_view")]
    public async Task Enforcement_points_are_told_of_their_own_store(string path, string request, string shows)
    {
        await FillAsync("first", OfTheFirst);
        await FillAsync("second", []);
        request = request.Replace("SUBJECT", "\"subject\":{\"type\":\"user\",\"id\":\"shared\"}", StringComparison.Ordinal).Replace("ACTION", "\"action\":{\"name\":\"view\"}", StringComparison.Ordinal);
        (int status, string told) = await Server.PostAsync(path, request, "first");
        Assert.Equal(200, status);
        Assert.Contains(shows, told);
        (status, told) = await Server.PostAsync(path, request, "second");
        Assert.Equal(200, status);
        Assert.DoesNotContain(shows, told);
    }

    [Fact]
    public async Task A_counter_of_one_store_is_unknown_in_another()
    {
        await FillAsync("first", OfTheFirst);
        IsolationTable.Row register = IsolationTable.Rows.Single(row => row.Method.EndsWith("ExperimentalRegisterRelationshipCounter", StringComparison.Ordinal));
        IsolationTable.Row count = IsolationTable.Rows.Single(row => row.Method.EndsWith("ExperimentalCountRelationships", StringComparison.Ordinal));
        Assert.Equal(RpcCode.Ok, (await CallAsync("first", register, "")).Code);
        Assert.Equal(RpcCode.Ok, (await CallAsync("first", count, "")).Code);
        Assert.Equal(RpcCode.FailedPrecondition, (await CallAsync("second", count, "")).Code);
    }

    private static Dictionary<string, MethodDescriptor> Methods { get; } = ((FileDescriptor[])
    [
        PermissionsReflection.Descriptor, RelationshipsReflection.Descriptor, Protocol.V1.SchemaReflection.Descriptor, StoreReflection.Descriptor, DelegationsReflection.Descriptor,
        PermissionServiceReflection.Descriptor, SchemaServiceReflection.Descriptor, WatchServiceReflection.Descriptor, ExperimentalServiceReflection.Descriptor,
    ]).SelectMany(file => file.Services).SelectMany(service => service.Methods).ToDictionary(method => $"{method.Service.FullName}/{method.Name}", StringComparer.Ordinal);

    private static string NameIn(string store) => store == "first" ? Secret : "plain";

    /// <summary>Writes what is in both and what is in one alone; the token of what was there before.</summary>
    private async Task<string> FillAsync(string store, string[] own)
    {
        AuthzGraphClient client = Server.Of(store);
        string empty = (await client.ReadSchemaAsync(new())).Snapshot.Token;
        await client.WriteRelationshipsAsync(Words.Touch([.. IsolationTable.Tuples.Select(tuple => tuple.Replace("X", NameIn(store), StringComparison.Ordinal)), .. own]));
        return empty;
    }

    /// <summary>All there is in a store: its schema, its relationships, how often it was written.</summary>
    private async Task<string> ContentAsync(string store)
    {
        Protocol.V1.ReadSchemaResponse schema = await Server.Of(store).ReadSchemaAsync(new());
        List<string> tuples = [];
        await foreach (ExportRelationshipsResponse page in Server.Of(store).ExportRelationshipsAsync(new())) tuples.AddRange(page.Relationships.Select(Words.Text));
        return $"{schema.Snapshot.Revision}\n{schema.Text}\n{string.Join('\n', tuples)}";
    }

    private async Task<(RpcCode Code, string Told)> CallAsync(string store, IsolationTable.Row row, string token)
    {
        MethodDescriptor method = Methods[row.Method];
        IMessage request = JsonParser.Default.Parse(row.Request.Replace("TOKEN", token, StringComparison.Ordinal), method.InputType);
        RawGrpc.Answer answer = await RawGrpc.PostAsync(Http, new ByteArrayContent(RawGrpc.Frame(request)), "/" + row.Method, "application/grpc",
            ("authzgraph-store", store), ("grpc-timeout", row.IsEndless ? "700m" : "20S"));
        IEnumerable<string> told = RawGrpc.Payloads(answer.Body).Select(payload =>
        {
            IMessage message = method.OutputType.Parser.ParseFrom(payload);
            return message is BackupStoreResponse part ? part.Content.ToStringUtf8() : JsonFormatter.Default.Format(message);
        });
        return (answer.Code ?? RpcCode.Unknown, string.Join('\n', told) + answer.Message);
    }
}
