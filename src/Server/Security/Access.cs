using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Server.Security.Credentials;
using AuthzGraph.Server.Stores;
using AuthzGraph.Server.Telemetry;

namespace AuthzGraph.Server.Security;

/// <summary>How much a denial tells the caller.</summary>
internal enum DenialDetail : byte
{
    /// <summary>That it is denied.</summary>
    Nothing,

    /// <summary>The code as well.</summary>
    Code,

    /// <summary>The hop and the object too, and on request the chain, the sponsors and the witness, of permits also.</summary>
    All,
}

/// <summary>
/// What an authenticated caller may do in one store. It is made once for each credential and store and shared by their calls,
/// so a call costs no more than finding it.
/// </summary>
internal sealed record Access
{
    /// <summary>The credential's name, as logs and idempotency keys know it; never its secret.</summary>
    public required string Credential { get; init; }

    public required Rights Rights { get; init; }

    /// <summary>The secret it was admitted with; it may be withdrawn while a call goes on.</summary>
    public required Caller Caller { get; init; }

    /// <summary>The store that this caller chose.</summary>
    public required ServedStore Store { get; init; }

    /// <summary>What is in it.</summary>
    public AuthorizationGraph Graph => Store.Graph;

    /// <summary>Whom alone the caller asks for and acts as; null: an enforcement point or a service, which asks for others.</summary>
    public ObjectRef? Principal { get; init; }

    public DenialDetail Detail { get; init; } = DenialDetail.All;

    public bool Has(Rights rights) => (Rights & rights) == rights;

    /// <summary>What its writes may touch.</summary>
    public WriteRight WriteRight => Has(Rights.Authority) ? WriteRight.Authority : WriteRight.Tuples;

    /// <exception cref="AuthzGraph.Rpc.RpcException">PERMISSION_DENIED: a right is missing.</exception>
    public void Require(Rights rights)
    {
        if (!Has(rights)) throw Refusals.RightMissing(Credential, rights & ~Rights);
    }

    /// <summary>Whether the caller has rights in another store than the one it chose.</summary>
    public bool Reaches(string store) => Caller.Terms.RightsIn(store) is not null;

    /// <exception cref="AuthzGraph.Rpc.RpcException">PERMISSION_DENIED: in that store, which needn't be there, it has no such right.</exception>
    public void RequireIn(string store, Rights rights)
    {
        if (Caller.Terms.RightsIn(store) is not { } held) throw Refusals.StoreNotAllowed(Credential, store);
        if ((held & rights) != rights) throw Refusals.RightMissing(Credential, rights & ~held);
    }

    /// <summary>Ends a call whose caller is no longer let in. Streams ask before each message.</summary>
    /// <exception cref="AuthzGraph.Rpc.RpcException">UNAUTHENTICATED: the secret expired or was withdrawn.</exception>
    public void RequireStanding(TimeProvider time)
    {
        if (!Caller.IsStanding(time)) throw Refusals.CredentialEnded();
    }

    /// <summary>A snapshot for a decision. Somebody who asks for itself alone reads the past with <see cref="Rights.Simulate"/> only: history must not undo a revocation.</summary>
    /// <exception cref="AuthzGraph.Rpc.RpcException">PERMISSION_DENIED: it may not.</exception>
    public Snapshot SnapshotForDecision(Consistency consistency)
    {
        if (Principal is not null && consistency is Consistency.AtExactSnapshot) Require(Rights.Simulate);
        Snapshot snapshot = Graph.Snapshot(consistency);
        Spans.Note(snapshot.Revision);
        return snapshot;
    }

    /// <summary>
    /// A lookup goes on at the snapshot that its cursor names. For somebody who asks for itself alone that ends as a stream would, unless it may
    /// read the past: a cursor must not undo a revocation either.
    /// </summary>
    /// <exception cref="AuthzGraph.Rpc.RpcException">PERMISSION_DENIED: it may not.</exception>
    public void RequireRecent(in Snapshot read, Limits limits)
    {
        if (Principal is not null && Graph.Snapshot().Instant > read.Instant.Plus((long)limits.StreamTime.TotalMicroseconds)) Require(Rights.Simulate);
    }

    /// <summary>Whoever asks is whom the question is about, unless the caller asks for others.</summary>
    /// <exception cref="AuthzGraph.Rpc.RpcException">PERMISSION_DENIED: it asks as somebody else.</exception>
    public void RequireSubject(in SubjectRef subject)
    {
        if (Principal is { } bound && (subject.Object != bound || subject.Relation is not null)) throw Refusals.OtherPrincipal(Credential, bound, subject);
    }
}
