using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Server.Rpc;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>authzed.api.v1.PermissionsService.</summary>
internal sealed class PermissionsCalls(AuthorizationGraph graph, Limits limits)
{
    public RelationshipCalls Relationships { get; } = new(graph, limits);
    public CheckCalls Checks { get; } = new(graph, limits);
    public LookupCalls Lookups { get; } = new(graph);

    public RpcService Bind() => new RpcService(PermissionServiceReflection.Descriptor.Services[0], SpiceDbStatuses.Of)
        .ServerStream<ReadRelationshipsRequest, ReadRelationshipsResponse>("ReadRelationships", Relationships.ReadAsync)
        .Unary<WriteRelationshipsRequest, WriteRelationshipsResponse>("WriteRelationships", Relationships.WriteAsync)
        .Unary<DeleteRelationshipsRequest, DeleteRelationshipsResponse>("DeleteRelationships", Relationships.DeleteAsync)
        .Unary<CheckPermissionRequest, CheckPermissionResponse>("CheckPermission", Checks.Check)
        .Unary<CheckBulkPermissionsRequest, CheckBulkPermissionsResponse>("CheckBulkPermissions", Checks.CheckBulk)
        .Unary<ExpandPermissionTreeRequest, ExpandPermissionTreeResponse>("ExpandPermissionTree", Checks.Expand)
        .ServerStream<LookupResourcesRequest, LookupResourcesResponse>("LookupResources", Lookups.ResourcesAsync)
        .ServerStream<LookupSubjectsRequest, LookupSubjectsResponse>("LookupSubjects", Lookups.SubjectsAsync)
        .ClientStream<ImportBulkRelationshipsRequest, ImportBulkRelationshipsResponse>("ImportBulkRelationships", Relationships.ImportAsync)
        .ServerStream<ExportBulkRelationshipsRequest, ExportBulkRelationshipsResponse>("ExportBulkRelationships", Relationships.ExportAsync);
}
