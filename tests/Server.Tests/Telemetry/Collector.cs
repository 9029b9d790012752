using System.Collections.Concurrent;
using System.Net;
using AuthzGraph.Rpc;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AuthzGraph.Server.Tests.Telemetry;

/// <summary>A collector on loopback that takes OTLP, over HTTP or gRPC, and reads what arrives, field by field.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Collector(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public ConcurrentBag<Message> Spans { get; } = [];

    public ConcurrentBag<Message> Metrics { get; } = [];

    /// <summary>The paths that were called, and the headers of each call.</summary>
    public ConcurrentBag<(string Path, Dictionary<string, string> Headers)> Calls { get; } = [];

    public static async Task<Collector> StartAsync(bool overGrpc = false)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = overGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        WebApplication app = builder.Build();
        var collector = new Collector(app);
        app.Run(http => collector.TakeAsync(http, overGrpc));
        await app.StartAsync();
        return collector;
    }

    /// <summary>The attributes of a span or a data point: <c>code=Ok</c>.</summary>
    public static Dictionary<string, string> Attributes(Message of, int field = 9) => of.All(field).ToDictionary(
        pair => pair.Text(1), pair => pair.One(2).Has(1) ? pair.One(2).Text(1) : pair.One(2).Number(3).ToString());

    /// <summary>The last value of each series of a counter or gauge of integers, by the values of its attributes in the order of their names.</summary>
    public Dictionary<string, long> Sums(string metric)
    {
        Dictionary<string, long> last = [];
        foreach (Message point in Metrics.Where(m => m.Text(1) == metric).SelectMany(m => m.All(5).Concat(m.All(7))).SelectMany(points => points.All(1)))
        {
            string series = string.Join(' ', Attributes(point, 7).OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => a.Value));
            last[series] = Math.Max(last.GetValueOrDefault(series), (long)point.Number(6));
        }
        return last;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http, bool overGrpc)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        byte[] message = overGrpc ? body.ToArray()[RpcFrame.HeaderSize..] : body.ToArray();
        string path = http.Request.Path.Value ?? "";
        Calls.Add((path, http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString())));
        ConcurrentBag<Message> into = path.Contains("trace", StringComparison.OrdinalIgnoreCase) ? Spans : Metrics;
        foreach (Message scope in new Message(message).All(1).SelectMany(resource => resource.All(2)))
            foreach (Message found in scope.All(2)) into.Add(found);
        if (!overGrpc)
        {
            http.Response.ContentType = "application/x-protobuf";
            return;
        }
        http.Response.ContentType = RpcMetadata.ContentType;
        http.Response.DeclareTrailer(RpcMetadata.Status);
        await http.Response.Body.WriteAsync(new byte[RpcFrame.HeaderSize]);     // an answer without fields
        http.Response.AppendTrailer(RpcMetadata.Status, "0");
    }
}

/// <summary>A protobuf message without its descriptor: fields by number.</summary>
internal sealed class Message
{
    private readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

    public Message(byte[] bytes)
    {
        using var input = new CodedInputStream(bytes);
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
            _fields.Add((tag & 7) switch
            {
                0 => ((int)(tag >> 3), input.ReadUInt64(), []),
                1 => ((int)(tag >> 3), input.ReadFixed64(), []),
                2 => ((int)(tag >> 3), 0, input.ReadBytes().ToByteArray()),
                5 => ((int)(tag >> 3), input.ReadFixed32(), []),
                _ => throw new InvalidDataException($"tag {tag} is no protobuf"),
            });
    }

    public bool Has(int field) => _fields.Any(f => f.Field == field);

    public IEnumerable<Message> All(int field) => _fields.Where(f => f.Field == field).Select(f => new Message(f.Bytes));

    public Message One(int field) => All(field).Single();

    public string Text(int field) => System.Text.Encoding.UTF8.GetString(_fields.Single(f => f.Field == field).Bytes);

    public string Hex(int field) => Convert.ToHexStringLower(_fields.SingleOrDefault(f => f.Field == field).Bytes ?? []);

    public byte[] Bytes(int field) => _fields.Single(f => f.Field == field).Bytes;

    public ulong Number(int field) => _fields.SingleOrDefault(f => f.Field == field).Number;
}
