using AuthzGraph.Graph;
using AuthzGraph.Protocol.GrpcHealth;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using Status = AuthzGraph.Protocol.GrpcHealth.HealthCheckResponse.Types.ServingStatus;

namespace AuthzGraph.Server.Services;

/// <summary>grpc.health.v1: the server serves until its store fails or it is asked to stop.</summary>
/// <param name="services">The names that may be asked about, besides the empty one.</param>
internal sealed class HealthService(AuthorizationGraph graph, IReadOnlySet<string> services, CancellationToken draining)
{
    private static ServiceDescriptor Descriptor => HealthReflection.Descriptor.Services[0];

    /// <summary>Why no calls should be sent here, in a few words; null while they should.</summary>
    public string? Unready => graph.Failure is { } failure ? $"the store takes no more writes until it is restarted: {failure.Message}"
        : draining.IsCancellationRequested ? "the server is stopping"
        : null;

    public RpcService Bind() => new RpcService(Descriptor)
        .Unary<HealthCheckRequest, HealthCheckResponse>("Check", Rights.None, Check)
        .ServerStream<HealthCheckRequest, HealthCheckResponse>("Watch", Rights.None, WatchAsync);

    private ValueTask<HealthCheckResponse> Check(HealthCheckRequest request, RpcCall call) => IsKnown(request.Service)
        ? new(new HealthCheckResponse { Status = Current })
        : throw new RpcException(RpcCode.NotFound, $"There is no service {request.Service} here.");

    private async ValueTask WatchAsync(HealthCheckRequest request, RpcWriter<HealthCheckResponse> output, RpcCall call)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, call.Draining);
        Status now = IsKnown(request.Service) ? Current : Status.ServiceUnknown;
        await output.WriteAsync(new HealthCheckResponse { Status = now });
        if (now == Status.Serving)
        {
            await graph.Failed.WaitAsync(ends.Token);
            await output.WriteAsync(new HealthCheckResponse { Status = Status.NotServing });
        }
        await Task.Delay(Timeout.InfiniteTimeSpan, ends.Token);     // nothing changes any more: the server stops or the caller leaves
    }

    private Status Current => Unready is null ? Status.Serving : Status.NotServing;

    private bool IsKnown(string service) => service.Length == 0 || services.Contains(service);
}
