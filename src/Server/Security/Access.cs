using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Server.Stores;

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
}
