using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Wire;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using Snapshot = AuthzGraph.Graph.Snapshot;

namespace AuthzGraph.Server.Services;

/// <summary>authzgraph.v1.Permissions: each answer is read from one snapshot.</summary>
internal sealed class PermissionsService(Limits limits)
{
    private static ServiceDescriptor Descriptor => PermissionsReflection.Descriptor.Services[0];

    public RpcService Bind() => new RpcService(Descriptor)
        .Unary<CheckRequest, CheckResponse>("Check", Rights.Check, Check)
        .Unary<CheckBatchRequest, CheckBatchResponse>("CheckBatch", Rights.Check, CheckBatch)
        .Unary<ExpandRequest, ExpandResponse>("Expand", Rights.Read, Expand)
        .ServerStream<LookupResourcesRequest, LookupResourcesResponse>("LookupResources", Rights.Check, LookupResourcesAsync, collected: LookupResourcesOnce)
        .ServerStream<LookupSubjectsRequest, LookupSubjectsResponse>("LookupSubjects", Rights.Read, LookupSubjectsAsync, collected: LookupSubjectsOnce);

    private ValueTask<CheckResponse> Check(CheckRequest request, RpcCall call)
    {
        Snapshot snapshot = call.Access.Graph.Snapshot(request.Consistency.ToModel());
        Evidence? evidence = request.Explain || request.SeekRemedies ? new Evidence { SeeksRemedies = request.SeekRemedies } : null;
        Answer answer = snapshot.Check(request.ToQuestion(), evidence);
        return new(new CheckResponse { Decision = answer.ToWire(evidence), Snapshot = snapshot.ToWire() });
    }

    private ValueTask<CheckBatchResponse> CheckBatch(CheckBatchRequest request, RpcCall call)
    {
        if (request.Items.Count > limits.ChecksPerBatch)
            throw Rejection.Invalid("TOO_MANY_CHECKS", $"{request.Items.Count} checks in one request are more than {limits.ChecksPerBatch}");
        Snapshot snapshot = call.Access.Graph.Snapshot(request.Consistency.ToModel());
        var response = new CheckBatchResponse { Snapshot = snapshot.ToWire() };
        CancellationToken cancellation = call.Cancellation;
        foreach (CheckBatchItem item in request.Items)
        {
            cancellation.ThrowIfCancellationRequested();
            response.Results.Add(CheckItem(snapshot, item));
        }
        return new(response);
    }

    private static CheckBatchResult CheckItem(in Snapshot snapshot, CheckBatchItem item)
    {
        try
        {
            return new CheckBatchResult { Decision = snapshot.Check(item.ToQuestion()).ToWire() };
        }
        catch (RejectionException rejection)
        {
            return new CheckBatchResult { Error = Statuses.ToItemError(rejection) };
        }
    }

    private ValueTask<ExpandResponse> Expand(ExpandRequest request, RpcCall call)
    {
        Snapshot snapshot = call.Access.Graph.Snapshot(request.Consistency.ToModel());
        Graph.Expansion root = snapshot.Expand(request.Resource.ToResource(), request.Permission, request.Recursive ? ExpandDepth.Recursive : ExpandDepth.OneLevel);
        var response = new ExpandResponse { Root = root.ToWire(), Snapshot = snapshot.ToWire() };
        if (request.ActingType.Length > 0) response.Acting.AddRange(LookupPages.Acting(snapshot, request, limits, call.Cancellation));
        return new(response);
    }

    private async ValueTask LookupResourcesAsync(LookupResourcesRequest request, RpcWriter<LookupResourcesResponse> output, RpcCall call)
    {
        foreach (LookupResourcesResponse page in LookupPages.Of(call.Access.Graph, request, most: null, call.Cancellation)) await output.WriteAsync(page);
    }

    private ValueTask<LookupResourcesResponse> LookupResourcesOnce(LookupResourcesRequest request, RpcCall call)
    {
        var all = new LookupResourcesResponse();
        foreach (LookupResourcesResponse page in LookupPages.Of(call.Access.Graph, request, limits.ResultsPerJsonLookup, call.Cancellation)) all.MergeFrom(page);
        return new(all);
    }

    private async ValueTask LookupSubjectsAsync(LookupSubjectsRequest request, RpcWriter<LookupSubjectsResponse> output, RpcCall call)
    {
        foreach (LookupSubjectsResponse page in LookupPages.Of(call.Access.Graph, request, most: null, call.Cancellation)) await output.WriteAsync(page);
    }

    private ValueTask<LookupSubjectsResponse> LookupSubjectsOnce(LookupSubjectsRequest request, RpcCall call)
    {
        var all = new LookupSubjectsResponse();
        foreach (LookupSubjectsResponse page in LookupPages.Of(call.Access.Graph, request, limits.ResultsPerJsonLookup, call.Cancellation)) all.MergeFrom(page);
        return new(all);
    }
}
