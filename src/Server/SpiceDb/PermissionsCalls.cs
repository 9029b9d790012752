using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>authzed.api.v1.PermissionsService.</summary>
internal sealed class PermissionsCalls(Limits limits)
{
    public RelationshipCalls Relationships { get; } = new(limits);
    public CheckCalls Checks { get; } = new(limits);
    public LookupCalls Lookups { get; } = new(limits);

    public RpcService Bind() => new RpcService(PermissionServiceReflection.Descriptor.Services[0], SpiceDbStatuses.Of)
        .ServerStream<ReadRelationshipsRequest, ReadRelationshipsResponse>("ReadRelationships", Rights.Read, Relationships.ReadAsync)
        .Unary<WriteRelationshipsRequest, WriteRelationshipsResponse>("WriteRelationships", Rights.Write, RelationshipCalls.WriteAsync)
        .Unary<DeleteRelationshipsRequest, DeleteRelationshipsResponse>("DeleteRelationships", Rights.Write, RelationshipCalls.DeleteAsync)
        .Unary<CheckPermissionRequest, CheckPermissionResponse>("CheckPermission", Rights.Check, CheckCalls.Check)
        .Unary<CheckBulkPermissionsRequest, CheckBulkPermissionsResponse>("CheckBulkPermissions", Rights.Check, Checks.CheckBulk)
        .Unary<ExpandPermissionTreeRequest, ExpandPermissionTreeResponse>("ExpandPermissionTree", Rights.Read, CheckCalls.Expand)
        .ServerStream<LookupResourcesRequest, LookupResourcesResponse>("LookupResources", Rights.Check, Lookups.ResourcesAsync)
        .ServerStream<LookupSubjectsRequest, LookupSubjectsResponse>("LookupSubjects", Rights.Read, Lookups.SubjectsAsync)
        .ClientStream<ImportBulkRelationshipsRequest, ImportBulkRelationshipsResponse>("ImportBulkRelationships", Rights.Write, RelationshipCalls.ImportAsync)
        .ServerStream<ExportBulkRelationshipsRequest, ExportBulkRelationshipsResponse>("ExportBulkRelationships", Rights.Export, Relationships.ExportAsync);
}
