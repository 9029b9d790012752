using System.Collections.Immutable;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Wire;
using WildcardOption = AuthzGraph.Protocol.Authzed.LookupSubjectsRequest.Types.WildcardOption;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>The lookups of authzed.api.v1.PermissionsService.</summary>
internal sealed class LookupCalls(Limits limits)
{
    public async ValueTask ResourcesAsync(LookupResourcesRequest request, RpcWriter<LookupResourcesResponse> output, RpcCall call)
    {
        (Acting acting, string? json) = ActingContext.Split(request.Context);
        SubjectRef asker = request.Subject.ToAsker();
        call.Access.RequireSubject(asker);
        using ResourceLookup lookup = call.Access.SnapshotForDecision(request.Consistency).LookupResources(new ResourceLookupRequest
        {
            ResourceType = request.ResourceObjectType,
            Permission = request.Permission,
            Subject = asker,
            Acting = acting,
            ContextJson = json,
            Limit = request.OptionalLimit.OrNull(),
            Cursor = request.OptionalCursor.ToModel(),
        }, call.Cancellation);
        call.Access.RequireRecent(lookup.Snapshot, limits);
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

    /// <summary>A delegation is not looked up here: whoever holds the permission by relationships is found.</summary>
    public async ValueTask SubjectsAsync(LookupSubjectsRequest request, RpcWriter<LookupSubjectsResponse> output, RpcCall call)
    {
        using SubjectLookup lookup = call.Access.SnapshotForDecision(request.Consistency).LookupSubjects(new SubjectLookupRequest
        {
            Resource = request.Resource.ToResource(),
            Permission = request.Permission,
            SubjectType = request.SubjectObjectType,
            SubjectRelation = request.OptionalSubjectRelation is "" or SpiceDbWire.Itself ? null : request.OptionalSubjectRelation,
            ContextJson = Contexts.ToJson(request.Context),
            Limit = request.OptionalConcreteLimit.OrNull(),
            Cursor = request.OptionalCursor.ToModel(),
        }, call.Cancellation);
        call.Access.RequireRecent(lookup.Snapshot, limits);
        ZedToken lookedUpAt = SpiceDbWire.ToWire(lookup.Snapshot.Token);
        while (lookup.MoveNext())
            if (lookup.Id != Names.Wildcard || request.WildcardOption != WildcardOption.ExcludeWildcards)
                await output.WriteAsync(ToWire(lookup, lookedUpAt));
    }

    private static LookupSubjectsResponse ToWire(SubjectLookup lookup, ZedToken lookedUpAt)
    {
        ResolvedSubject subject = Resolved(lookup.Id, lookup.Missing);
        var response = new LookupSubjectsResponse
        {
            LookedUpAt = lookedUpAt,
            Subject = subject,
            ExcludedSubjects = { lookup.Excluded.Select(id => Resolved(id, [])) },
            AfterResultCursor = SpiceDbWire.ToCursor(lookup.Cursor),
        };
#pragma warning disable CS0612 // older clients read these
        response.SubjectObjectId = subject.SubjectObjectId;
        response.Permissionship = subject.Permissionship;
        response.PartialCaveatInfo = subject.PartialCaveatInfo;
        response.ExcludedSubjectIds.AddRange(lookup.Excluded);
#pragma warning restore CS0612
        return response;
    }

    private static ResolvedSubject Resolved(string id, ImmutableArray<string> missing) =>
        new() { SubjectObjectId = id, Permissionship = Permissionships.ToLookup(missing), PartialCaveatInfo = missing.ToWire() };
}
