using AuthzGraph.Graph;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Server.Rpc;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>authzed.api.v1.ExperimentalService: calls under their first names, which older clients still use, and counters.</summary>
internal sealed class ExperimentalCalls(AuthorizationGraph graph, PermissionsCalls permissions, SchemaCalls schemas)
{
    private readonly CounterBook _counters = new();

    // the messages of a call's first form have no fields but those of its final form, so one handler serves both
    public RpcService Bind() => new RpcService(ExperimentalServiceReflection.Descriptor.Services[0], SpiceDbStatuses.Of)
        .ClientStream<ImportBulkRelationshipsRequest, ImportBulkRelationshipsResponse>("BulkImportRelationships", permissions.Relationships.ImportAsync)
        .ServerStream<ExportBulkRelationshipsRequest, ExportBulkRelationshipsResponse>("BulkExportRelationships", permissions.Relationships.ExportAsync)
        .Unary<CheckBulkPermissionsRequest, CheckBulkPermissionsResponse>("BulkCheckPermission", permissions.Checks.CheckBulk)
        .Unary<ReflectSchemaRequest, ReflectSchemaResponse>("ExperimentalReflectSchema", schemas.Reflect)
        .Unary<ComputablePermissionsRequest, ComputablePermissionsResponse>("ExperimentalComputablePermissions", schemas.ComputablePermissions)
        .Unary<DependentRelationsRequest, DependentRelationsResponse>("ExperimentalDependentRelations", schemas.DependentRelations)
        .Unary<DiffSchemaRequest, DiffSchemaResponse>("ExperimentalDiffSchema", schemas.Diff)
        .Unary<ExperimentalRegisterRelationshipCounterRequest, ExperimentalRegisterRelationshipCounterResponse>("ExperimentalRegisterRelationshipCounter", Register)
        .Unary<ExperimentalCountRelationshipsRequest, ExperimentalCountRelationshipsResponse>("ExperimentalCountRelationships", Count)
        .Unary<ExperimentalUnregisterRelationshipCounterRequest, ExperimentalUnregisterRelationshipCounterResponse>("ExperimentalUnregisterRelationshipCounter", Unregister);

    private ValueTask<ExperimentalRegisterRelationshipCounterResponse> Register(ExperimentalRegisterRelationshipCounterRequest request, RpcCall call)
    {
        _counters.Register(request.Name, request.RelationshipFilter.ToModel());
        return new(new ExperimentalRegisterRelationshipCounterResponse());
    }

    private ValueTask<ExperimentalCountRelationshipsResponse> Count(ExperimentalCountRelationshipsRequest request, RpcCall call)
    {
        Snapshot snapshot = graph.Snapshot(Graph.Consistency.Full);
        ulong count = (ulong)snapshot.Read(_counters.Find(request.Name)).LongCount();
        return new(new ExperimentalCountRelationshipsResponse
        {
            ReadCounterValue = new ReadCounterValue { RelationshipCount = count, ReadAt = SpiceDbWire.ToWire(snapshot.Token) },
        });
    }

    private ValueTask<ExperimentalUnregisterRelationshipCounterResponse> Unregister(ExperimentalUnregisterRelationshipCounterRequest request, RpcCall call)
    {
        _counters.Unregister(request.Name);
        return new(new ExperimentalUnregisterRelationshipCounterResponse());
    }
}
