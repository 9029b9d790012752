using System.Runtime.CompilerServices;
using AuthzGraph.Graph;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>authzed.api.v1.ExperimentalService: calls under their first names, which older clients still use, and counters.</summary>
internal sealed class ExperimentalCalls(PermissionsCalls permissions, SchemaCalls schemas)
{
    // kept as long as the store they count in
    private readonly ConditionalWeakTable<AuthorizationGraph, CounterBook> _counters = [];

    // the messages of a call's first form have no fields but those of its final form, so one handler serves both
    public RpcService Bind() => new RpcService(ExperimentalServiceReflection.Descriptor.Services[0], SpiceDbStatuses.Of)
        .ClientStream<ImportBulkRelationshipsRequest, ImportBulkRelationshipsResponse>("BulkImportRelationships", Rights.Write, RelationshipCalls.ImportAsync)
        .ServerStream<ExportBulkRelationshipsRequest, ExportBulkRelationshipsResponse>("BulkExportRelationships", Rights.Export, permissions.Relationships.ExportAsync)
        .Unary<CheckBulkPermissionsRequest, CheckBulkPermissionsResponse>("BulkCheckPermission", Rights.Check, permissions.Checks.CheckBulk)
        .Unary<ReflectSchemaRequest, ReflectSchemaResponse>("ExperimentalReflectSchema", Rights.Read, schemas.Reflect)
        .Unary<ComputablePermissionsRequest, ComputablePermissionsResponse>("ExperimentalComputablePermissions", Rights.Read, schemas.ComputablePermissions)
        .Unary<DependentRelationsRequest, DependentRelationsResponse>("ExperimentalDependentRelations", Rights.Read, schemas.DependentRelations)
        .Unary<DiffSchemaRequest, DiffSchemaResponse>("ExperimentalDiffSchema", Rights.Schema, schemas.Diff)
        .Unary<ExperimentalRegisterRelationshipCounterRequest, ExperimentalRegisterRelationshipCounterResponse>("ExperimentalRegisterRelationshipCounter", Rights.Write, Register)
        .Unary<ExperimentalCountRelationshipsRequest, ExperimentalCountRelationshipsResponse>("ExperimentalCountRelationships", Rights.Read, Count)
        .Unary<ExperimentalUnregisterRelationshipCounterRequest, ExperimentalUnregisterRelationshipCounterResponse>("ExperimentalUnregisterRelationshipCounter", Rights.Write, Unregister);

    private ValueTask<ExperimentalRegisterRelationshipCounterResponse> Register(ExperimentalRegisterRelationshipCounterRequest request, RpcCall call)
    {
        Counters(call).Register(request.Name, request.RelationshipFilter.ToModel());
        return new(new ExperimentalRegisterRelationshipCounterResponse());
    }

    private ValueTask<ExperimentalCountRelationshipsResponse> Count(ExperimentalCountRelationshipsRequest request, RpcCall call)
    {
        Snapshot snapshot = call.Access.Graph.Snapshot(Graph.Consistency.Full);
        ulong count = (ulong)snapshot.Read(Counters(call).Find(request.Name)).LongCount();
        return new(new ExperimentalCountRelationshipsResponse
        {
            ReadCounterValue = new ReadCounterValue { RelationshipCount = count, ReadAt = SpiceDbWire.ToWire(snapshot.Token) },
        });
    }

    private ValueTask<ExperimentalUnregisterRelationshipCounterResponse> Unregister(ExperimentalUnregisterRelationshipCounterRequest request, RpcCall call)
    {
        Counters(call).Unregister(request.Name);
        return new(new ExperimentalUnregisterRelationshipCounterResponse());
    }

    private CounterBook Counters(RpcCall call) => _counters.GetOrCreateValue(call.Access.Graph);
}
