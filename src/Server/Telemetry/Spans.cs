using System.Diagnostics;
using AuthzGraph.Model;
using AuthzGraph.Rpc;

namespace AuthzGraph.Server.Telemetry;

/// <summary>What a span says of its call. Nothing of what was asked or answered, whom it was about or who asked is in it.</summary>
internal static class Spans
{
    /// <summary>The call under way read this revision, or wrote it.</summary>
    public static void Note(Revision revision)
    {
        if (Activity.Current is { IsAllDataRequested: true } span && span.Source.Name == CallRecords.Name) span.SetTag("authzgraph.revision", (long)revision.Value);
    }

    public static void EndRpc(Activity span, string method, RpcCode code, string store)
    {
        span.SetTag("rpc.system", "grpc").SetTag("rpc.method", method).SetTag("rpc.grpc.status_code", (int)code);
        End(span, code, store);
    }

    /// <param name="route"><c>/access/v1/evaluation</c></param>
    public static void EndHttp(Activity span, string route, int status, RpcCode code, string store)
    {
        span.SetTag("http.request.method", "POST").SetTag("http.route", route).SetTag("http.response.status_code", status);
        End(span, code, store);
    }

    private static void End(Activity span, RpcCode code, string store)
    {
        span.SetTag("authzgraph.store", store);
        if (code is RpcCode.Internal or RpcCode.Unavailable or RpcCode.Unknown or RpcCode.DataLoss) span.SetStatus(ActivityStatusCode.Error);
        span.Dispose();
    }
}
