using System.Reflection;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Google.Protobuf.Reflection;

namespace AuthzGraph.Server.Tests.Security;

/// <summary>Which right each method needs. A method that isn't here fails the test, so that nobody adds one without thinking of it.</summary>
public sealed class RightsTableTests
{
    private const string Everybody = "";

    private static readonly string[] Rights = ["check", "audit", "simulate", "read", "write", "authority", "schema", "export", "admin"];

    private static readonly Dictionary<string, string> Needed = new(StringComparer.Ordinal)
    {
        ["authzgraph.v1.Permissions/Check"] = "check",
        ["authzgraph.v1.Permissions/CheckBatch"] = "check",
        ["authzgraph.v1.Permissions/Expand"] = "read",
        ["authzgraph.v1.Permissions/LookupResources"] = "check",
        ["authzgraph.v1.Permissions/LookupSubjects"] = "read",
        ["authzgraph.v1.Permissions/WatchDecision"] = "check",
        ["authzgraph.v1.Delegations/Delegate"] = "check",
        ["authzgraph.v1.Delegations/Approve"] = "check",
        ["authzgraph.v1.Delegations/Revoke"] = "check",
        ["authzgraph.v1.Delegations/Describe"] = "check",
        ["authzgraph.v1.Delegations/OpenTask"] = "check",
        ["authzgraph.v1.Delegations/CloseTask"] = "check",
        ["authzgraph.v1.Delegations/Suspend"] = "check",
        ["authzgraph.v1.Delegations/Resume"] = "check",
        ["authzgraph.v1.Relationships/Write"] = "write",
        ["authzgraph.v1.Relationships/Read"] = "read",
        ["authzgraph.v1.Relationships/Delete"] = "write",
        ["authzgraph.v1.Relationships/Import"] = "write",
        ["authzgraph.v1.Relationships/Export"] = "export",
        ["authzgraph.v1.Relationships/Watch"] = "read",
        ["authzgraph.v1.Schema/Write"] = "schema",
        ["authzgraph.v1.Schema/Read"] = "read",
        ["authzgraph.v1.Schema/Validate"] = "schema",
        ["authzgraph.v1.Schema/Diff"] = "schema",
        ["authzgraph.v1.Schema/Reflect"] = "read",
        ["authzgraph.v1.Store/Checkpoint"] = "admin",
        ["authzgraph.v1.Store/Backup"] = "admin",
        ["authzgraph.v1.Store/Create"] = "admin",
        ["authzgraph.v1.Store/List"] = "admin",
        ["authzgraph.v1.Store/Delete"] = "admin",
        ["authzed.api.v1.PermissionsService/ReadRelationships"] = "read",
        ["authzed.api.v1.PermissionsService/WriteRelationships"] = "write",
        ["authzed.api.v1.PermissionsService/DeleteRelationships"] = "write",
        ["authzed.api.v1.PermissionsService/CheckPermission"] = "check",
        ["authzed.api.v1.PermissionsService/CheckBulkPermissions"] = "check",
        ["authzed.api.v1.PermissionsService/ExpandPermissionTree"] = "read",
        ["authzed.api.v1.PermissionsService/LookupResources"] = "check",
        ["authzed.api.v1.PermissionsService/LookupSubjects"] = "read",
        ["authzed.api.v1.PermissionsService/ImportBulkRelationships"] = "write",
        ["authzed.api.v1.PermissionsService/ExportBulkRelationships"] = "export",
        ["authzed.api.v1.SchemaService/ReadSchema"] = "read",
        ["authzed.api.v1.SchemaService/WriteSchema"] = "schema",
        ["authzed.api.v1.SchemaService/ReflectSchema"] = "read",
        ["authzed.api.v1.SchemaService/ComputablePermissions"] = "read",
        ["authzed.api.v1.SchemaService/DependentRelations"] = "read",
        ["authzed.api.v1.SchemaService/DiffSchema"] = "schema",
        ["authzed.api.v1.WatchService/Watch"] = "read",
        ["authzed.api.v1.ExperimentalService/BulkImportRelationships"] = "write",
        ["authzed.api.v1.ExperimentalService/BulkExportRelationships"] = "export",
        ["authzed.api.v1.ExperimentalService/BulkCheckPermission"] = "check",
        ["authzed.api.v1.ExperimentalService/ExperimentalReflectSchema"] = "read",
        ["authzed.api.v1.ExperimentalService/ExperimentalComputablePermissions"] = "read",
        ["authzed.api.v1.ExperimentalService/ExperimentalDependentRelations"] = "read",
        ["authzed.api.v1.ExperimentalService/ExperimentalDiffSchema"] = "schema",
        ["authzed.api.v1.ExperimentalService/ExperimentalRegisterRelationshipCounter"] = "write",
        ["authzed.api.v1.ExperimentalService/ExperimentalCountRelationships"] = "read",
        ["authzed.api.v1.ExperimentalService/ExperimentalUnregisterRelationshipCounter"] = "write",
        ["grpc.health.v1.Health/Check"] = Everybody,
        ["grpc.health.v1.Health/Watch"] = Everybody,
        ["grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = Everybody,
        ["grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = Everybody,
    };

    private static readonly Dictionary<string, string> NeededOverHttp = new(StringComparer.Ordinal)
    {
        ["/access/v1/evaluation"] = "check",
        ["/access/v1/evaluations"] = "check",
        ["/access/v1/search/subject"] = "read",
        ["/access/v1/search/resource"] = "check",
        ["/access/v1/search/action"] = "check",
    };

    private static string EachRight => string.Concat(Rights.Select(right => $"  - name: only-{right}\n    keys: [{{{right}}}]\n    rights: [{right}]\n"));

    [Fact]
    public void Every_method_of_every_service_is_on_the_table() => Assert.Equal(Needed.Keys.Order(StringComparer.Ordinal), Declared().Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_method_is_open_to_the_right_it_needs_and_to_no_other()
    {
        await using SecuredServer server = await SecuredServer.StartFilledAsync(EachRight);
        List<string> wrong = [];
        foreach ((string method, string needed) in Needed)
            foreach (string right in Rights)
            {
                RpcCode code = await CodeAsync(server, method, server.Key(right));
                bool isOpen = code is not (RpcCode.PermissionDenied or RpcCode.Unauthenticated);
                if (isOpen != (needed == right || needed == Everybody)) wrong.Add($"{method} with {right}: {code}");
            }
        Assert.Equal("", string.Join('\n', wrong));
    }

    [Fact]
    public async Task Without_a_credential_only_what_is_open_to_everybody_answers()
    {
        await using SecuredServer server = await SecuredServer.StartFilledAsync();
        foreach (string? token in new[] { null, "", "azg_" + new string('A', 43), "nonsense", "a.b.c" })
            foreach ((string method, string needed) in Needed)
            {
                RpcCode code = await CodeAsync(server, method, token);
                RpcCode refusal = token is not null && method.StartsWith("authzed.", StringComparison.Ordinal) ? RpcCode.PermissionDenied : RpcCode.Unauthenticated;
                Assert.True(code == refusal == (needed != Everybody), $"{method} with {token ?? "nothing"}: {code}");
            }
    }

    [Fact]
    public async Task Over_http_a_path_is_open_to_the_right_it_needs_and_to_no_other()
    {
        await using SecuredServer server = await SecuredServer.StartFilledAsync(EachRight);
        foreach ((string path, string needed) in NeededOverHttp)
        {
            foreach (string right in Rights)
                Assert.Equal((path, right, right != needed), (path, right, (await server.PostAsync(path, "{}", right)).Status == 403));
            Assert.Equal(401, (await server.PostAsync(path, "{}")).Status);
        }
        Assert.Equal(401, (await server.PostAsync("/authzgraph.v1.Permissions/Check", "{}")).Status);
        Assert.Equal(403, (await server.PostAsync("/authzgraph.v1.Permissions/Check", "{}", "read")).Status);
        Assert.Equal(400, (await server.PostAsync("/authzgraph.v1.Permissions/Check", "{}", "check")).Status);
    }

    [Theory]
    [InlineData("admin", 200)]
    [InlineData("read", 403)]
    [InlineData(null, 401)]
    public async Task Metrics_are_for_administrators(string? right, int status)
    {
        await using SecuredServer server = await SecuredServer.StartAsync(EachRight);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (right is not null) request.Headers.Add("Authorization", $"Bearer {server.Key(right)}");
        using HttpResponseMessage response = await server.Http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 401, response.Headers.WwwAuthenticate.Count > 0);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Whoever_watches_over_the_server_needs_no_credential(string path)
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        using HttpResponseMessage response = await server.Http.GetAsync(path);
        Assert.True(response.IsSuccessStatusCode);
    }

    // An empty message is refused, or answered; which of them does not matter here. Endless calls are left after a moment.
    private static async Task<RpcCode> CodeAsync(SecuredServer server, string method, string? token)
    {
        (string, string)[] headers = token is null ? [("grpc-timeout", "200m")] : [("authorization", $"Bearer {token}"), ("grpc-timeout", "200m")];
        RawGrpc.Answer answer = await RawGrpc.PostAsync(server.Http2, new ByteArrayContent(RawGrpc.Frame(new CheckRequest())), "/" + method, "application/grpc", headers);
        return answer.Code ?? RpcCode.Unknown;
    }

    private static IEnumerable<string> Declared() =>
        from type in typeof(PermissionsReflection).Assembly.GetTypes()
        let file = type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as FileDescriptor
        where file is not null
        from service in file.Services
        from method in service.Methods
        select $"{service.FullName}/{method.Name}";
}
