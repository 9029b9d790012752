using AuthzGraph.Rpc;

namespace AuthzGraph.Server.Rpc;

/// <summary>Answers to requests that are no call at all: an HTTP status and a sentence.</summary>
internal static class HttpRefusal
{
    public static Task MethodAsync(HttpContext http, bool pathIsKnown)
    {
        if (!pathIsKnown) return RefuseAsync(http, StatusCodes.Status404NotFound, "There is nothing here. Calls are POST /authzgraph.v1.Permissions/Check and the like.");
        http.Response.Headers.Allow = HttpMethods.Post;
        return RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, "Calls are made with POST.");
    }

    public static Task MediaTypeAsync(HttpContext http)
    {
        http.Response.Headers["Accept-Post"] = $"{ConnectBody.Json}, {ConnectBody.Binary}, {RpcMetadata.ContentType}";
        return RefuseAsync(http, StatusCodes.Status415UnsupportedMediaType,
            $"Content-Type is {ConnectBody.Json}, {ConnectBody.Binary}, or {RpcMetadata.ContentType} over HTTP/2.");
    }

    public static Task NeedsHttp2Async(HttpContext http)
    {
        http.Response.Headers.Upgrade = "HTTP/2";
        return RefuseAsync(http, StatusCodes.Status426UpgradeRequired, "gRPC needs HTTP/2: use the server's gRPC port.");
    }

    public static Task HostAsync(HttpContext http) =>
        RefuseAsync(http, StatusCodes.Status403Forbidden, "This server has no credentials, so it answers only to requests for localhost.");

    private static Task RefuseAsync(HttpContext http, int status, string sentence)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(sentence + "\n");
    }
}
