namespace AuthzGraph.Graph;

/// <summary>Which revision a read asks for (DESIGN §6). Tokens are opaque: they come from an earlier answer.</summary>
public abstract record Consistency
{
    private Consistency() { }

    /// <summary>Whatever is cheapest; on one node that is the newest.</summary>
    public sealed record MinimizeLatency : Consistency;

    /// <summary>At or after the token's revision.</summary>
    public sealed record AtLeastAsFresh(string Token) : Consistency;

    /// <summary>Exactly the token's revision.</summary>
    public sealed record AtExactSnapshot(string Token) : Consistency;

    /// <summary>The newest.</summary>
    public sealed record FullyConsistent : Consistency;

    public static readonly Consistency Default = new MinimizeLatency();
    public static readonly Consistency Full = new FullyConsistent();
}
