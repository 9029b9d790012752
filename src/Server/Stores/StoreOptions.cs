namespace AuthzGraph.Server.Stores;

/// <summary>How a server holds its stores.</summary>
public sealed record StoreOptions
{
    public StoreOpening Opening { get; init; } = StoreOpening.WhenAsked;

    /// <summary>Whether every bearer token has an empty store of its own, in memory, and nobody is asked for credentials: for test suites.</summary>
    public bool IsTesting { get; init; }

    /// <summary>A store of a token goes when it was not used for this long.</summary>
    public TimeSpan TestingIdle { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>When stores other than the default one are opened.</summary>
public enum StoreOpening
{
    /// <summary>By the first call that asks for it, which waits for that.</summary>
    WhenAsked,

    /// <summary>Before the server listens.</summary>
    AtStart,
}
