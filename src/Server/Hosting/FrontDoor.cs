using System.Net;
using AuthzGraph.Server.AuthZen;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Services;

namespace AuthzGraph.Server.Hosting;

/// <summary>Every request comes in here: health questions are answered, the rest are calls.</summary>
internal sealed class FrontDoor(RpcDispatcher dispatcher, HealthService health, AuthZenEndpoints authZen)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (ComesFromAWebPage(http.Request)) return HttpRefusal.HostAsync(http);
        if (AuthZenEndpoints.Serves(http.Request.Path)) return authZen.InvokeAsync(http);
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            if (http.Request.Path == "/healthz") return SayAsync(http, StatusCodes.Status200OK, "alive");
            if (http.Request.Path == "/readyz")
                return health.IsReady
                    ? SayAsync(http, StatusCodes.Status200OK, "ready")
                    : SayAsync(http, StatusCodes.Status503ServiceUnavailable, "not ready: the store failed or the server is stopping");
        }
        return dispatcher.InvokeAsync(http);
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

    private static Task SayAsync(HttpContext http, int status, string sentence)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(sentence + "\n");
    }
}
