using System.Collections.Frozen;
using System.Diagnostics;
using AuthzGraph.Model;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Hosting;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Telemetry;

namespace AuthzGraph.Server.Rpc;

/// <summary>Answers every call: finds its form and its method, has the caller admitted, runs it, and turns how it ended into a status.</summary>
internal sealed class RpcDispatcher
{
    private static readonly RpcStatus DeadlineStatus = new(RpcCode.DeadlineExceeded, "The deadline passed before there was an answer.");

    private readonly RpcOptions _options;
    private readonly Doorkeeper _door;
    private readonly CallRecords _records;
    private readonly ILogger _log;
    private readonly FrozenDictionary<string, RpcMethod> _methods;
    private readonly FrozenSet<string> _services;

    public RpcDispatcher(RpcOptions options, Doorkeeper door, CallRecords records, ILogger<RpcDispatcher> log, IReadOnlyCollection<RpcService> services)
    {
        (_options, _door, _records, _log) = (options, door, records, log);
        _methods = services.SelectMany(s => s.Methods).ToFrozenDictionary(m => m.Path, StringComparer.Ordinal);
        _services = services.Select(s => s.Name).ToFrozenSet(StringComparer.Ordinal);
    }

    public Task InvokeAsync(HttpContext http)
    {
        string? mediaType = http.Request.ContentType;
        if (!HttpMethods.IsPost(http.Request.Method)) return HttpRefusal.MethodAsync(http, _methods.ContainsKey(PathOf(http)));
        if (RpcMetadata.IsRpc(mediaType)) return HttpProtocol.IsHttp2(http.Request.Protocol) ? InvokeGrpcAsync(http) : HttpRefusal.NeedsHttp2Async(http);
        return ConnectBody.TypeOf(mediaType) is { } contentType ? InvokeConnectAsync(http, contentType) : HttpRefusal.MediaTypeAsync(http);
    }

    private async Task InvokeGrpcAsync(HttpContext http)
    {
        using var exchange = new GrpcExchange(http, _options);
        await exchange.FinishAsync(await RunAsync(exchange, method => method.RunGrpc));
    }

    private async Task InvokeConnectAsync(HttpContext http, string contentType)
    {
        using var exchange = new ConnectExchange(http, contentType, _options);
        await exchange.FinishAsync(await RunAsync(exchange, method => method.RunConnect));
    }

    private async ValueTask<RpcStatus> RunAsync(IExchange exchange, Func<RpcMethod, Func<IExchange, ValueTask>> form)
    {
        RpcMethod? method = _methods.GetValueOrDefault(PathOf(exchange.Call.Http));
        string name = method?.Name ?? "unknown";
        long begun = Stopwatch.GetTimestamp();
        Activity? span = _records.Begin(exchange.Call.Http, name);
        RpcStatus status = await RunAsync(exchange, method, form);
        TimeSpan took = Stopwatch.GetElapsedTime(begun);
        _records.Count(name, status.Code, exchange.Call.StoreName, took);
        if (span is not null) Spans.EndRpc(span, name, status.Code, exchange.Call.StoreName);
        if (method is { IsUnary: true } && took > _options.SlowCall) Log.SlowCall(_log, name, (long)took.TotalMilliseconds, status.Code, exchange.Call.StoreName);
        return status;
    }

    // The door: the one place where every exception ends.
    private async ValueTask<RpcStatus> RunAsync(IExchange exchange, RpcMethod? method, Func<RpcMethod, Func<IExchange, ValueTask>> form)
    {
        string path = PathOf(exchange.Call.Http);
        try
        {
            if (method is null) throw Unknown(path);
            if (method.Needs != Rights.None) exchange.Call.Admit(await _door.AdmitAsync(exchange.Call.Http, method.Needs));
            await form(method)(exchange);
            return exchange.Call.DeadlineExceeded ? DeadlineStatus : RpcStatus.Ok;
        }
        catch (RpcException e)
        {
            return method?.Translate?.Invoke(e) ?? e.Status;
        }
        catch (Exception e)
        {
            return StatusOf(e, exchange.Call, path, method?.Translate ?? _options.Translate);
        }
    }

    private RpcStatus StatusOf(Exception e, RpcCall call, string path, Func<Exception, RpcStatus?> translate)
    {
        if (translate(e) is { } status)
        {
            if (status.Code == RpcCode.Unavailable && e is not RejectionException) Log.Unavailable(_log, path, e);    // a refusal follows from what was logged once
            return status;
        }
        if (call.DeadlineExceeded) return DeadlineStatus;
        if (call.ClientWentAway) return new RpcStatus(RpcCode.Cancelled, "The client cancelled the call.");
        switch (e)
        {
            case OperationCanceledException when call.Draining.IsCancellationRequested:
                return new RpcStatus(RpcCode.Unavailable, "The server is shutting down.");
            case OperationCanceledException:
                return new RpcStatus(RpcCode.Cancelled, "The call was cancelled.");
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return RpcFrame.TooLarge(_options.MessageBytes).Status;
            case BadHttpRequestException bad:
                return new RpcStatus(RpcCode.InvalidArgument, bad.Message);
            default:
                Log.HandlerThrew(_log, path, e);
                return new RpcStatus(RpcCode.Internal, "The server failed to answer; its log says more.");
        }
    }

    private RpcException Unknown(string path)
    {
        int slash = path.LastIndexOf('/');
        string service = slash > 0 ? path[1..slash] : path.TrimStart('/');
        return new RpcException(RpcCode.Unimplemented,
            _services.Contains(service) ? $"{service} has no method {path[(slash + 1)..]}." : $"There is no service {service} here.");
    }

    private static string PathOf(HttpContext http) => http.Request.Path.Value ?? "";
}
