using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>What one revision looks like from outside: swapped whole, so that a reader sees one consistent world.</summary>
/// <param name="Bound">Null while no schema was written.</param>
internal sealed record Published(Revision Revision, Instant CommittedAt, BoundSchema? Bound)
{
    private string? _token;

    /// <summary>The revision's consistency token, sealed when first asked for: every answer carries it.</summary>
    public string Token(StoreIdentity identity) => _token ??= ConsistencyToken.Of(identity, Revision);
}
