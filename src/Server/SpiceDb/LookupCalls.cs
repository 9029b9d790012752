using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Wire;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>The lookups of authzed.api.v1.PermissionsService.</summary>
internal sealed class LookupCalls(AuthorizationGraph graph)
{
    public async ValueTask ResourcesAsync(LookupResourcesRequest request, RpcWriter<LookupResourcesResponse> output, RpcCall call)
    {
        (Acting acting, string? json) = ActingContext.Split(request.Context);
        using ResourceLookup lookup = graph.Snapshot(request.Consistency).LookupResources(new ResourceLookupRequest
        {
            ResourceType = request.ResourceObjectType,
            Permission = request.Permission,
            Subject = request.Subject.ToAsker(),
            Acting = acting,
            ContextJson = json,
            Limit = request.OptionalLimit == 0 ? null : (int)Math.Min(request.OptionalLimit, int.MaxValue),
            Cursor = request.OptionalCursor.ToModel(),
        }, call.Cancellation);
        ZedToken lookedUpAt = SpiceDbWire.ToWire(lookup.Snapshot.Token);
        while (lookup.MoveNext())
            await output.WriteAsync(new LookupResourcesResponse
            {
                LookedUpAt = lookedUpAt,
                ResourceObjectId = lookup.Id,
                Permissionship = Permissionships.ToLookup(lookup.Missing),
                PartialCaveatInfo = lookup.Missing.ToWire(),
                AfterResultCursor = SpiceDbWire.ToCursor(lookup.Cursor),
            });
    }

    public static ValueTask SubjectsAsync(LookupSubjectsRequest request, RpcWriter<LookupSubjectsResponse> output, RpcCall call) =>
        throw new RejectionException(RejectionCode.Unimplemented, "LOOKUP_SUBJECTS", "subjects can't be looked up yet");
}
