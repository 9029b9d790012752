using System.Buffers.Binary;
using System.Net;
using AuthzGraph.Protocol.V1;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AuthzGraph.Server.Tests;

/// <summary>A server that is unavailable the first times it is asked, and keeps what it was asked.</summary>
internal sealed class FlakyServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<byte[]> _requests = [];
    private int _failures;

    private FlakyServer(WebApplication app, int failures) => (_app, _failures) = (app, failures);

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The messages that came, one for each attempt.</summary>
    public IReadOnlyList<byte[]> Requests => _requests;

    /// <param name="failures">How many attempts fail before the next succeeds.</param>
    public static async Task<FlakyServer> StartAsync(int failures)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2));
        WebApplication app = builder.Build();
        var server = new FlakyServer(app, failures);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        _requests.Add(body.ToArray()[5..]);
        http.Response.ContentType = "application/grpc";
        if (_failures-- > 0)
        {
            http.Response.Headers["grpc-status"] = "14";
            return;
        }
        var snapshot = new Snapshot { Token = $"token-{_requests.Count}", Revision = (ulong)_requests.Count };
        IMessage answer = http.Request.Path.Value switch
        {
            "/authzgraph.v1.Permissions/Check" => new CheckResponse { Snapshot = snapshot, Decision = new Decision { Outcome = Outcome.Permitted } },
            "/authzgraph.v1.Relationships/Read" => new ReadRelationshipsResponse { Snapshot = snapshot },
            _ => new WriteRelationshipsResponse { Token = snapshot.Token, Revision = snapshot.Revision },
        };
        byte[] frame = [0, 0, 0, 0, 0, .. answer.ToByteArray()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - 5);
        http.Response.DeclareTrailer("grpc-status");
        await http.Response.Body.WriteAsync(frame);
        http.Response.AppendTrailer("grpc-status", "0");
    }
}
