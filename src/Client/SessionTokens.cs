using AuthzGraph.Protocol.V1;
using Google.Protobuf;

namespace AuthzGraph.Client;

/// <summary>The newest revision that a session has written or read, and its consistency token.</summary>
internal sealed class SessionTokens
{
    private readonly Lock _gate = new();
    private string? _token;
    private ulong _revision;

    /// <summary>Null before the first answer.</summary>
    public string? Token
    {
        get { lock (_gate) return _token; }
    }

    public void Learn(string token, ulong revision)
    {
        if (token.Length == 0) return;
        lock (_gate)
        {
            if (_token is null || revision > _revision) (_token, _revision) = (token, revision);
        }
    }

    public void Learn(IMessage response)
    {
        (string Token, ulong Revision) known = response switch
        {
            WriteRelationshipsResponse r => (r.Token, r.Revision),
            DeleteRelationshipsResponse r => (r.Token, r.Revision),
            ImportRelationshipsResponse r => (r.Token, r.Revision),
            WriteSchemaResponse r => (r.Token, r.Revision),
            AuthorityResponse r => (r.Token, r.Revision),
            DelegateResponse r => (r.Written.Token, r.Written.Revision),
            OpenTaskResponse r => (r.Written.Token, r.Written.Revision),
            ResumeResponse r => (r.Written.Token, r.Written.Revision),
            WatchRelationshipsResponse r => (r.Token, r.Revision),
            CheckResponse r => Of(r.Snapshot),
            CheckBatchResponse r => Of(r.Snapshot),
            ExpandResponse r => Of(r.Snapshot),
            LookupResourcesResponse r => Of(r.Snapshot),
            LookupSubjectsResponse r => Of(r.Snapshot),
            WatchDecisionResponse r => Of(r.Snapshot),
            ReadRelationshipsResponse r => Of(r.Snapshot),
            DescribeResponse r => Of(r.Snapshot),
            _ => ("", 0),
        };
        Learn(known.Token, known.Revision);
    }

    /// <summary>The request, asking for nothing older than the session knows; one that says itself what it wants stays as it is.</summary>
    public IMessage Freshen(IMessage request) => Token is not { } token ? request : request switch
    {
        CheckRequest { Consistency: null } r => new CheckRequest(r) { Consistency = AtLeast(token) },
        CheckBatchRequest { Consistency: null } r => new CheckBatchRequest(r) { Consistency = AtLeast(token) },
        ExpandRequest { Consistency: null } r => new ExpandRequest(r) { Consistency = AtLeast(token) },
        LookupResourcesRequest { Consistency: null, Cursor: "" } r => new LookupResourcesRequest(r) { Consistency = AtLeast(token) },
        LookupSubjectsRequest { Consistency: null, Cursor: "" } r => new LookupSubjectsRequest(r) { Consistency = AtLeast(token) },
        ReadRelationshipsRequest { Consistency: null } r => new ReadRelationshipsRequest(r) { Consistency = AtLeast(token) },
        ExportRelationshipsRequest { Consistency: null, Cursor: "" } r => new ExportRelationshipsRequest(r) { Consistency = AtLeast(token) },
        ReadSchemaRequest { Consistency: null } r => new ReadSchemaRequest(r) { Consistency = AtLeast(token) },
        ReflectSchemaRequest { Consistency: null } r => new ReflectSchemaRequest(r) { Consistency = AtLeast(token) },
        DescribeRequest { Consistency: null } r => new DescribeRequest(r) { Consistency = AtLeast(token) },
        _ => request,
    };

    private static Consistency AtLeast(string token) => new() { AtLeastAsFresh = token };

    private static (string, ulong) Of(Snapshot? snapshot) => snapshot is null ? ("", 0) : (snapshot.Token, snapshot.Revision);
}
