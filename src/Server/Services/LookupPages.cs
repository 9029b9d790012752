using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Wire;
using FoundSubject = AuthzGraph.Protocol.V1.FoundSubject;
using Snapshot = AuthzGraph.Graph.Snapshot;

namespace AuthzGraph.Server.Services;

/// <summary>
/// Lookups as messages: each has what was found together, so that nothing known waits for what is not. The first names the snapshot; the last
/// says whether anything follows.
/// </summary>
internal static class LookupPages
{
    public static IEnumerable<LookupResourcesResponse> Of(Access access, LookupResourcesRequest request, int? most, Limits limits, CancellationToken cancellation)
    {
        ResourceLookupRequest asked = request.ToModel(most);
        access.RequireSubject(asked.Subject);
        using ResourceLookup lookup = access.SnapshotForDecision(request.Consistency.ToModel()).LookupResources(asked, cancellation);
        access.RequireRecent(lookup.Snapshot, limits);
        var page = new LookupResourcesResponse { Snapshot = lookup.Snapshot.ToWire() };
        string cursor = request.Cursor;
        while (lookup.MoveNext())
        {
            page.Resources.Add(lookup.ToWire());
            if (!lookup.IsCaughtUp) continue;
            page.Cursor = cursor = lookup.Cursor;
            yield return page;
            page = new LookupResourcesResponse();
        }
        if (page.Resources.Count > 0) cursor = lookup.Cursor;
        (page.Cursor, page.Complete, page.Barred) = (cursor, lookup.IsComplete, lookup.Barred.As(access).ToWire());
        yield return page;
    }

    public static IEnumerable<LookupSubjectsResponse> Of(Access access, LookupSubjectsRequest request, int? most, Limits limits, CancellationToken cancellation)
    {
        if (request.Acting) access.Require(Rights.Audit);
        Snapshot snapshot = access.SnapshotForDecision(request.Consistency.ToModel());
        SubjectLookupRequest asked = request.ToModel(most);
        return request.Acting ? Acting(access, snapshot, asked, limits, cancellation) : Subjects(access, snapshot, asked, limits, cancellation);
    }

    /// <summary>All who may act, for a tree; no more than a tree may have parts.</summary>
    public static IEnumerable<FoundSubject> Acting(Snapshot snapshot, ExpandRequest request, Limits limits, CancellationToken cancellation)
    {
        var asked = new SubjectLookupRequest
        {
            Resource = request.Resource.ToResource(),
            Permission = request.Permission,
            SubjectType = request.ActingType,
            ContextJson = Contexts.ToJson(request.Context),
            Limit = limits.ExpandParts,
        };
        using ActingLookup lookup = snapshot.LookupActing(asked, cancellation);
        while (lookup.MoveNext()) yield return lookup.Describe().ToWire();
    }

    private static IEnumerable<LookupSubjectsResponse> Subjects(Access access, Snapshot snapshot, SubjectLookupRequest asked, Limits limits, CancellationToken cancellation)
    {
        string cursor = asked.Cursor ?? "";
        using SubjectLookup lookup = snapshot.LookupSubjects(asked, cancellation);
        access.RequireRecent(lookup.Snapshot, limits);
        var page = new LookupSubjectsResponse { Snapshot = lookup.Snapshot.ToWire() };
        while (lookup.MoveNext())
        {
            page.Subjects.Add(lookup.ToWire());
            if (!lookup.IsCaughtUp) continue;
            page.Cursor = cursor = lookup.Cursor;
            yield return page;
            page = new LookupSubjectsResponse();
        }
        if (page.Subjects.Count > 0) cursor = lookup.Cursor;
        (page.Cursor, page.Complete) = (cursor, lookup.IsComplete);
        yield return page;
    }

    private static IEnumerable<LookupSubjectsResponse> Acting(Access access, Snapshot snapshot, SubjectLookupRequest asked, Limits limits, CancellationToken cancellation)
    {
        string cursor = asked.Cursor ?? "";
        using ActingLookup lookup = snapshot.LookupActing(asked, cancellation);
        access.RequireRecent(lookup.Snapshot, limits);
        var page = new LookupSubjectsResponse { Snapshot = lookup.Snapshot.ToWire() };
        while (lookup.MoveNext())
        {
            page.Subjects.Add(lookup.Describe().ToWire());
            cursor = lookup.Cursor;
            if (!lookup.IsCaughtUp) continue;
            page.Cursor = cursor;
            yield return page;
            page = new LookupSubjectsResponse();
        }
        (page.Cursor, page.Complete) = (cursor, lookup.IsComplete);
        yield return page;
    }
}
