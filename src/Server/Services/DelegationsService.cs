using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Wire;
using ApproveRequest = AuthzGraph.Protocol.V1.ApproveRequest;
using CloseTaskRequest = AuthzGraph.Protocol.V1.CloseTaskRequest;
using DelegateRequest = AuthzGraph.Protocol.V1.DelegateRequest;
using OpenTaskRequest = AuthzGraph.Protocol.V1.OpenTaskRequest;
using ResumeRequest = AuthzGraph.Protocol.V1.ResumeRequest;
using RevokeRequest = AuthzGraph.Protocol.V1.RevokeRequest;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using Snapshot = AuthzGraph.Graph.Snapshot;
using SuspendRequest = AuthzGraph.Protocol.V1.SuspendRequest;

namespace AuthzGraph.Server.Services;

/// <summary>
/// authzgraph.v1.Delegations. A credential that is bound to a principal acts as that one, whatever else it may do; any other needs the
/// authority right, to look the audit right.
/// </summary>
internal static class DelegationsService
{
    private static ServiceDescriptor Descriptor => DelegationsReflection.Descriptor.Services[0];

    public static RpcService Bind() => new RpcService(Descriptor)
        .Unary<DelegateRequest, DelegateResponse>("Delegate", Rights.Check, async (request, call) =>
            (await Told(call, At(call).DelegateAsync(request.ToModel(call.Access), call.Cancellation))).ToWire())
        .Unary<ApproveRequest, AuthorityResponse>("Approve", Rights.Check, async (request, call) =>
            (await Told(call, At(call).ApproveAsync(request.ToModel(call.Access), call.Cancellation))).ToAuthority())
        .Unary<RevokeRequest, AuthorityResponse>("Revoke", Rights.Check, async (request, call) =>
            (await Told(call, At(call).RevokeAsync(request.ToModel(call.Access), call.Cancellation))).ToAuthority())
        .Unary<DescribeRequest, DescribeResponse>("Describe", Rights.Check, Describe)
        .Unary<OpenTaskRequest, OpenTaskResponse>("OpenTask", Rights.Check, async (request, call) =>
            (await Told(call, At(call).OpenTaskAsync(request.ToModel(call.Access), call.Cancellation))).ToWire())
        .Unary<CloseTaskRequest, AuthorityResponse>("CloseTask", Rights.Check, async (request, call) =>
            (await Told(call, At(call).CloseTaskAsync(request.ToModel(call.Access), call.Cancellation))).ToAuthority())
        .Unary<SuspendRequest, AuthorityResponse>("Suspend", Rights.Check, async (request, call) =>
            (await Told(call, At(call).SuspendAsync(request.ToModel(call.Access), call.Cancellation))).ToAuthority())
        .Unary<ResumeRequest, ResumeResponse>("Resume", Rights.Check, async (request, call) =>
            (await Told(call, At(call).ResumeAsync(request.ToModel(call.Access), call.Cancellation))).ToWire());

    private static Graph.Delegations At(RpcCall call) => call.Access.Graph.Delegations;

    /// <summary>A refusal tells as much as a denial tells this caller.</summary>
    private static async ValueTask<T> Told<T>(RpcCall call, ValueTask<T> act)
    {
        try
        {
            return await act;
        }
        catch (RejectionException refusal) when (refusal.Code == RejectionCode.PermissionDenied && call.Access.Detail != DenialDetail.All)
        {
            string reason = call.Access.Detail == DenialDetail.Code ? refusal.Reason : "REFUSED";
            throw new RejectionException(RejectionCode.PermissionDenied, reason, "the rules for delegations and tasks refuse it; this credential is told no more");
        }
    }

    private static ValueTask<DescribeResponse> Describe(DescribeRequest request, RpcCall call)
    {
        ObjectRef delegation = request.Delegation.ToResource("delegation");
        ObjectRef? viewer = request.ToViewer(call.Access);
        if (call.Access.Detail != DenialDetail.All) throw Refusals.ToldLess(call.Access.Credential);
        Snapshot snapshot = call.Access.Graph.Snapshot(request.Consistency.ToModel());
        DelegationReport report = At(call).Describe(delegation, snapshot, viewer);
        return new(report.ToWire(snapshot));
    }
}
