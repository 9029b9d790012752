using System.Net;
using AuthzGraph.Rpc;
using AuthzGraph.Server.AuthZen;
using AuthzGraph.Server.Metrics;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Services;
using AuthzGraph.Server.Telemetry;

namespace AuthzGraph.Server.Hosting;

/// <summary>Every request comes in here: questions about health and metrics are answered, the rest are calls.</summary>
internal sealed class FrontDoor(
    RpcDispatcher dispatcher, HealthService health, MeterReadings metrics, CallRecords calls, AuthZenEndpoints authZen, Gate gate)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (gate.IsDevelopment && ComesFromAWebPage(http.Request)) return HttpRefusal.HostAsync(http);
        if (AuthZenEndpoints.Serves(http.Request.Path)) return authZen.InvokeAsync(http);
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            if (http.Request.Path == "/healthz") return SayAsync(http, StatusCodes.Status200OK, "alive");
            if (http.Request.Path == "/readyz")
                return health.Unready is { } why
                    ? SayAsync(http, StatusCodes.Status503ServiceUnavailable, $"not ready: {why}")
                    : SayAsync(http, StatusCodes.Status200OK, "ready");
            if (http.Request.Path == "/metrics") return MetricsAsync(http);
        }
        return dispatcher.InvokeAsync(http);
    }

    private async Task MetricsAsync(HttpContext http)
    {
        try
        {
            if (!gate.HasOpenMetrics) await gate.Door.AdmitAsync(http, Rights.Admin);
        }
        catch (RpcException refused)
        {
            await SayAsync(http, ConnectError.HttpStatus(refused.Status.Code), refused.Message);
            return;
        }
        await SayAsync(http, StatusCodes.Status200OK, metrics.ToPrometheus(calls).TrimEnd('\n'), PrometheusText.MediaType);
    }

    // A page of another site may make the browser call this machine under the site's own name (DNS rebinding). Browsers
    // speak HTTP/1.1 to a port without TLS; a gRPC client's authority may be anything.
    private static bool ComesFromAWebPage(HttpRequest request)
    {
        if (HttpProtocol.IsHttp2(request.Protocol) || !request.Host.HasValue) return false;
        string host = request.Host.Host.Trim('[', ']');
        bool local = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? ip) && IPAddress.IsLoopback(ip));
        return !local;
    }

    private static Task SayAsync(HttpContext http, int status, string sentence, string mediaType = "text/plain; charset=utf-8")
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = mediaType;
        return http.Response.WriteAsync(sentence + "\n");
    }
}
