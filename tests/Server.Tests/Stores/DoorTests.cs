using System.Net.Http.Headers;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Protocol.V1;
using Google.Protobuf.Reflection;

namespace AuthzGraph.Server.Tests.Stores;

/// <summary>No method of any service answers from another store than the one that was chosen; a new method is asked as soon as its .proto declares it.</summary>
public sealed class DoorTests
{
    private static readonly FileDescriptor[] Files =
    [
        PermissionsReflection.Descriptor, RelationshipsReflection.Descriptor, AuthzGraph.Protocol.V1.SchemaReflection.Descriptor, StoreReflection.Descriptor,
        PermissionServiceReflection.Descriptor, SchemaServiceReflection.Descriptor, WatchServiceReflection.Descriptor, ExperimentalServiceReflection.Descriptor,
    ];

    [Fact]
    public async Task Every_method_refuses_a_store_that_there_is_not()
    {
        await using TestServer server = await TestServer.StartFilledAsync();
        string[] paths = [.. Files.SelectMany(f => f.Services).SelectMany(s => s.Methods).Select(m => $"/{m.Service.FullName}/{m.Name}")];
        Assert.InRange(paths.Length, 45, 200);
        foreach (string path in paths) Assert.Equal((path, "5"), (path, await StatusAsync(server, path, "nowhere")));
    }

    private static async Task<string?> StatusAsync(TestServer server, string path, string store)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Version = new Version(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent([0, 0, 0, 0, 0]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.Add("authzgraph-store", store);
        using HttpResponseMessage response = await server.Http2.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        return (response.TrailingHeaders.TryGetValues("grpc-status", out IEnumerable<string>? status) || response.Headers.TryGetValues("grpc-status", out status)) ? status.Single() : null;
    }
}
