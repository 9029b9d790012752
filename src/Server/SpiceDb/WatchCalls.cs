using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Wire;
using Operation = AuthzGraph.Protocol.Authzed.RelationshipUpdate.Types.Operation;
using WatchRequest = AuthzGraph.Protocol.Authzed.WatchRequest;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>authzed.api.v1.WatchService. What is created is told as a touch, and windows that open or close aren't told, as in SpiceDB.</summary>
internal sealed class WatchCalls
{
    public RpcService Bind() => new RpcService(WatchServiceReflection.Descriptor.Services[0], SpiceDbStatuses.Of)
        .ServerStream<WatchRequest, WatchResponse>("Watch", Rights.Read, WatchAsync);

    private async ValueTask WatchAsync(WatchRequest request, RpcWriter<WatchResponse> output, RpcCall call)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, call.Draining);
        // a client that resumes from a part of a transaction hears all of it again
        string told = request.OptionalStartCursor?.Token ?? call.Access.Graph.Snapshot(Graph.Consistency.Full).Token;
        await foreach (WatchEvent happened in call.Access.Graph.WatchAsync(ToModel(request, told), ends.Token))
        {
            told = happened.Token ?? told;
            WatchResponse response = ToWire(happened);
            response.ChangesThrough = SpiceDbWire.ToWire(told);
            await output.WriteAsync(response);
        }
    }

    private static Graph.WatchRequest ToModel(WatchRequest request, string after)
    {
        if (request.OptionalObjectTypes.Count > 0 && request.OptionalRelationshipFilters.Count > 0)
            throw Rejection.Invalid("INVALID_FILTER", "a watch names object types or filters, not both");
        return new Graph.WatchRequest
        {
            After = after,
            Filters =
            [
                .. request.OptionalObjectTypes.Select(type => new TupleFilter { ResourceType = type }),
                .. request.OptionalRelationshipFilters.Select(filter => filter.ToModel("optional_relationship_filters")),
            ],
            Kinds = request.OptionalUpdateKinds.Aggregate(WatchKinds.Changes, (kinds, kind) => kinds | ToModel(kind)),
        };
    }

    private static WatchKinds ToModel(WatchKind kind) => kind switch
    {
        WatchKind.IncludeRelationshipUpdates => WatchKinds.Changes,
        WatchKind.IncludeSchemaUpdates => WatchKinds.Schemas,
        WatchKind.IncludeCheckpoints => WatchKinds.Checkpoints,
        _ => throw Rejection.Invalid("INVALID_KIND", $"`optional_update_kinds` has no kind {(int)kind}"),
    };

    private static WatchResponse ToWire(WatchEvent happened) => happened switch
    {
        WatchEvent.Changed changed => new WatchResponse
        {
            Updates = { changed.Changes.Select(ToWire) },
            OptionalTransactionMetadata = Contexts.ToWire(changed.MetadataJson),
        },
        WatchEvent.SchemaChanged => new WatchResponse { SchemaUpdated = true },
        WatchEvent.Checkpoint => new WatchResponse { IsCheckpoint = true },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static RelationshipUpdate ToWire(TupleChange change) => new()
    {
        Operation = change.Kind == TupleChangeKind.Deleted ? Operation.Delete : Operation.Touch,
        Relationship = change.Tuple.ToWire(),
    };
}
