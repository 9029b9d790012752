using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>An export and two lookups that were broken off at some revision, and are read on from their cursors as often as is asked.</summary>
internal sealed class ReadOn
{
    private readonly Chronicle.Past _past;
    private readonly Instant _instant;
    private readonly Standing _standing;
    private readonly string[] _exported;
    private readonly string _exportCursor;
    private (ResourceLookupRequest Request, string[] Found)? _resources;
    private (SubjectLookupRequest Request, string[] Found)? _subjects;

    private ReadOn(AuthorizationGraph graph, Chronicle.Past past, int pageSize)
    {
        ExportPage page = graph.Export(new ExportRequest { PageSize = pageSize }).First();
        Assert.Equal(past.Revision, page.Snapshot.Revision);
        (_past, _instant, _standing) = (past, page.Snapshot.Instant, new Standing(past.Tuples, page.Snapshot.Instant));
        (_exported, _exportCursor) = ([.. page.Tuples.Select(t => t.ToString())], page.Cursor);
    }

    /// <summary>How often it was read on.</summary>
    public int Resumed { get; private set; }

    /// <param name="past">The newest revision.</param>
    public static ReadOn Begin(AuthorizationGraph graph, Chronicle.Past past, Random random)
    {
        ReadOn begun = new(graph, past, random.Next(1, 5));
        (string[] documents, string[] users) = (begun._standing.Documents, begun._standing.Users);
        if (documents.Length == 0 || users.Length == 0) return begun;
        begun.BeginResources(graph, random.Pick(users), random.Next(1, 3));
        begun.BeginSubjects(graph, random.Pick(documents), random.Next(1, 3));
        return begun;
    }

    /// <summary>Expects that the rest of each is what was left of it then; or that the revision is not kept any more.</summary>
    /// <param name="since">What was written since is kept.</param>
    public void Expect(AuthorizationGraph graph, Instant since)
    {
        try
        {
            string[] rest = [.. graph.Export(new ExportRequest { PageSize = 2, Cursor = _exportCursor }).SelectMany(page => page.Tuples).Select(t => t.ToString())];
            Assert.Equal(_standing.Lines, _exported.Concat(rest).Order(StringComparer.Ordinal));
            if (_resources is { } resources) Expect(graph, resources.Request, resources.Found);
            if (_subjects is { } subjects) Expect(graph, subjects.Request, subjects.Found);
            Resumed++;
        }
        catch (RejectionException refusal) when (refusal.Reason is "REVISION_TOO_OLD" or "INSTANT_TOO_OLD")
        {
            Assert.True(_past.At < since || _instant < since, $"revision {_past.Revision} of {_past.At}: {refusal.Message}");
        }
    }

    private void BeginResources(AuthorizationGraph graph, string user, int limit)
    {
        ResourceLookupRequest request = new() { ResourceType = "document", Permission = "view", Subject = SubjectRef.Parse(user), Limit = limit };
        using ResourceLookup lookup = graph.Snapshot().LookupResources(request);
        List<string> found = [];
        string? cursor = null;
        while (lookup.MoveNext())
        {
            found.Add($"document:{lookup.Id}");
            cursor = lookup.Cursor;
        }
        if (cursor is not null) _resources = (request with { Cursor = cursor, Limit = null }, [.. found]);
    }

    private void BeginSubjects(AuthorizationGraph graph, string document, int limit)
    {
        SubjectLookupRequest request = new() { Resource = ObjectRef.Parse(document), Permission = "view", SubjectType = "user", Limit = limit };
        using SubjectLookup lookup = graph.Snapshot().LookupSubjects(request);
        List<string> found = [];
        string? cursor = null;
        while (lookup.MoveNext())
        {
            found.Add($"user:{lookup.Id}");
            cursor = lookup.Cursor;
        }
        if (cursor is not null) _subjects = (request with { Cursor = cursor, Limit = null }, [.. found]);
    }

    private void Expect(AuthorizationGraph graph, ResourceLookupRequest request, string[] found)
    {
        using ResourceLookup lookup = graph.Snapshot().LookupResources(request);
        Assert.Equal(_standing.ResourcesOf(request.Subject.ToString()), found.Concat(lookup.ToEnd().Select(f => $"document:{f.Id}")).Order(StringComparer.Ordinal));
    }

    private void Expect(AuthorizationGraph graph, SubjectLookupRequest request, string[] found)
    {
        using SubjectLookup lookup = graph.Snapshot().LookupSubjects(request);
        Assert.Equal(_standing.SubjectsOf(request.Resource.ToString()), found.Concat(lookup.ToEnd().Select(f => $"user:{f.Id}")).Order(StringComparer.Ordinal));
    }
}
