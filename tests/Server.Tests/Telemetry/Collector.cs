using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Google.Protobuf;

namespace AuthzGraph.Server.Tests.Telemetry;

/// <summary>A collector on loopback that takes OTLP over HTTP and reads what arrives, field by field.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public Collector()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    public ConcurrentBag<Message> Spans { get; } = [];

    /// <summary>Each with the attributes of its scope.</summary>
    public ConcurrentBag<Message> Metrics { get; } = [];

    /// <summary>The attributes of a span or a data point: <c>code=Ok</c>.</summary>
    public static Dictionary<string, string> Attributes(Message of) => of.All(9).ToDictionary(
        pair => pair.Text(1), pair => pair.One(2).Has(1) ? pair.One(2).Text(1) : pair.One(2).Number(3).ToString());

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try { context = await _listener.GetContextAsync(); }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { return; }
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            ConcurrentBag<Message> into = context.Request.Url?.AbsolutePath == "/v1/traces" ? Spans : Metrics;
            foreach (Message scope in new Message(body.ToArray()).All(1).SelectMany(resource => resource.All(2)))
                foreach (Message found in scope.All(2)) into.Add(found);
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
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

    public ulong Number(int field) => _fields.SingleOrDefault(f => f.Field == field).Number;
}
