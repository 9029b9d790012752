using System.Diagnostics;
using System.Text.Json;
using AuthzGraph.Model;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Hosting;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Telemetry;

namespace AuthzGraph.Server.AuthZen;

/// <summary>
/// The OpenID AuthZEN Authorization API 1.0 over HTTP, for enforcement points that speak it; <c>docs/authzen.md</c> says what becomes of
/// properties. A denial is an answer, status 200; 400 is a request that is none; 503 a server that can't decide.
/// </summary>
internal sealed class AuthZenEndpoints(Doorkeeper door, CallRecords records, TimeSpan slowCall, Limits limits, Uri? publicUrl, ILogger log)
{
    private const string Evaluation = "/access/v1/evaluation";
    private const string Batch = "/access/v1/evaluations";
    private const string SearchSubject = "/access/v1/search/subject";
    private const string SearchResource = "/access/v1/search/resource";
    private const string SearchAction = "/access/v1/search/action";
    private const string Metadata = "/.well-known/authzen-configuration";
    private const string RequestId = "X-Request-ID";
    private const int LongestRequestId = 256;

    private static readonly JsonDocumentOptions Strictly = new() { MaxDepth = 64 };

    private readonly Evaluations _evaluations = new(limits);
    private readonly Searches _searches = new(limits);

    public static bool Serves(PathString path) => path.StartsWithSegments("/access/v1") || path == Metadata;

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Request.Headers[RequestId].ToString() is { Length: > 0 and <= LongestRequestId } id) http.Response.Headers[RequestId] = id;
        if (http.Request.Path == Metadata) await DescribeAsync(http);
        else if (Handler(http.Request.Path) is not { } endpoint) await RefuseAsync(http, StatusCodes.Status404NotFound, "There is nothing here.");
        else if (!HttpMethods.IsPost(http.Request.Method)) await RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, "Requests are made with POST.");
        else if (!http.Request.HasJsonContentType()) await RefuseAsync(http, StatusCodes.Status400BadRequest, "Content-Type is application/json.");
        else await AnswerAsync(http, endpoint);
    }

    private delegate void Handle(JsonElement request, Utf8JsonWriter output, Access access, CancellationToken cancellation);

    private sealed record Endpoint(Rights Needs, Handle Handle);

    private Endpoint? Handler(PathString path) => path.Value switch
    {
        Evaluation => new(Rights.Check, (json, output, access, _) => Evaluations.One(json, output, access)),
        Batch => new(Rights.Check, _evaluations.Many),
        SearchSubject => new(Rights.Read, _searches.Subjects),
        SearchResource => new(Rights.Check, _searches.Resources),
        SearchAction => new(Rights.Check, (json, output, access, _) => _searches.Actions(json, output, access)),
        _ => null,
    };

    private async Task AnswerAsync(HttpContext http, Endpoint endpoint)
    {
        string route = http.Request.Path.Value ?? "", method = route[1..];
        long begun = Stopwatch.GetTimestamp();
        Activity? span = records.Begin(http, method);
        (RpcCode code, string store) = await RunAsync(http, endpoint);
        TimeSpan took = Stopwatch.GetElapsedTime(begun);
        records.Count(method, code, store, took);
        if (span is not null) Spans.EndHttp(span, route, http.Response.StatusCode, code, store);
        if (took > slowCall) Log.SlowCall(log, method, (long)took.TotalMilliseconds, code, store);
    }

    /// <summary>Answers, and says how it ended in the codes of calls, and in which store; empty: in none.</summary>
    private async Task<(RpcCode Code, string Store)> RunAsync(HttpContext http, Endpoint endpoint)
    {
        string store = "";
        try
        {
            Access access = await door.AdmitAsync(http, endpoint.Needs);
            store = access.Store.Name;
            using JsonDocument request = await JsonDocument.ParseAsync(http.Request.Body, Strictly, http.RequestAborted);
            using var answer = new MemoryStream();
            await using (var output = new Utf8JsonWriter(answer)) endpoint.Handle(request.RootElement, output, access, http.RequestAborted);
            await WriteAsync(http, answer.GetBuffer().AsMemory(0, (int)answer.Length));
            return (RpcCode.Ok, store);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            return (RpcCode.Cancelled, store);      // nobody is left to be answered
        }
        catch (Exception problem)
        {
            return (await RefuseAsync(http, problem), store);
        }
    }

    private async Task<RpcCode> RefuseAsync(HttpContext http, Exception problem)
    {
        (RpcCode code, int status, string sentence) = problem switch
        {
            RpcException refused => (refused.Status.Code, ConnectError.HttpStatus(refused.Status.Code), refused.Message),
            JsonException => (RpcCode.InvalidArgument, StatusCodes.Status400BadRequest, $"The body is no JSON: {problem.Message}"),
            AuthZenException or RejectionException { Code: RejectionCode.InvalidArgument } => (RpcCode.InvalidArgument, StatusCodes.Status400BadRequest, problem.Message),
            RejectionException => (RpcCode.Unavailable, StatusCodes.Status503ServiceUnavailable, problem.Message),
            BadHttpRequestException bad => (RpcCode.InvalidArgument, bad.StatusCode, bad.Message),
            _ => (RpcCode.Internal, StatusCodes.Status500InternalServerError, "The server failed to answer; its log says more."),
        };
        if (code == RpcCode.Internal) Log.HandlerThrew(log, http.Request.Path, problem);
        await RefuseAsync(http, status, sentence);
        return code;
    }

    /// <summary>Where the endpoints are, as the operator says the server is reached: never from what the request calls it.</summary>
    private async Task DescribeAsync(HttpContext http)
    {
        if (publicUrl is not { } url)
        {
            await RefuseAsync(http, StatusCodes.Status404NotFound, "This server was not told its public URL: start it with --public-url https://pdp.example.com.");
            return;
        }
        string root = url.AbsoluteUri.TrimEnd('/');
        var description = new Dictionary<string, string>
        {
            ["policy_decision_point"] = root,
            ["access_evaluation_endpoint"] = root + Evaluation,
            ["access_evaluations_endpoint"] = root + Batch,
            ["search_subject_endpoint"] = root + SearchSubject,
            ["search_resource_endpoint"] = root + SearchResource,
            ["search_action_endpoint"] = root + SearchAction,
        };
        await WriteAsync(http, JsonSerializer.SerializeToUtf8Bytes(description));
    }

    private static async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> json)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext http, int status, string sentence)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(sentence), http.RequestAborted).AsTask();
    }
}
