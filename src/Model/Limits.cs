namespace AuthzGraph.Model;

/// <summary>Every bound we chose. Reaching one is a clear error that names it, never an answer.</summary>
public sealed record Limits
{
    public static readonly Limits Default = new();

    /// <summary>The longest that <see cref="Retention"/> is set to.</summary>
    public static readonly TimeSpan LongestRetention = TimeSpan.FromDays(3650);

    /// <summary>How many relations and permissions deep one check may go, as in SpiceDB.</summary>
    public int CheckDepth { get; init; } = 50;

    /// <summary>How many edges and probes one check may consult.</summary>
    public int CheckSteps { get; init; } = 1_000_000;

    /// <summary>How many relations and permissions of objects one lookup may meet: it remembers each, so this bounds its memory.</summary>
    public int LookupStates { get; init; } = 10_000_000;

    /// <summary>How many edges one lookup may follow.</summary>
    public long LookupSteps { get; init; } = 100_000_000;

    /// <summary>How many subjects a lookup excludes by name from a wildcard.</summary>
    public int LookupExclusions { get; init; } = 10_000;

    /// <summary>How many ways out of a denial are told.</summary>
    public int RemediesPerDecision { get; init; } = 3;

    /// <summary>How many steps one way out of a denial may have.</summary>
    public int StepsPerRemedy { get; init; } = 4;

    /// <summary>How many checks may be tried to find ways out of one denial.</summary>
    public int RemedyChecks { get; init; } = 1_000;

    /// <summary>How many tuples may matter to a denial for ways out of it to be looked for.</summary>
    public int RemedyTuples { get; init; } = 10_000;

    /// <summary>How many hops a chain may have.</summary>
    public int ChainHops { get; init; } = 16;

    /// <summary>How many delegations of one presenter a check that names only the root may examine.</summary>
    public int ChainCandidates { get; init; } = 1_000;

    /// <summary>How many permissions one delegation may be made to lend at once: each is looked at while other writes wait.</summary>
    public int LentPerDelegation { get; init; } = 200;

    /// <summary>How many objects are looked at above one object along <c>within</c> or a task's <c>parent</c>.</summary>
    public int Ancestors { get; init; } = 1_000;

    /// <summary>UTF-8 bytes of the context of one question.</summary>
    public int ContextBytes { get; init; } = 64 * 1024;

    public int UpdatesPerWrite { get; init; } = 1_000;
    /// <summary>UTF-8 bytes of what a caller says about a transaction.</summary>
    public int MetadataBytes { get; init; } = 64 * 1024;

    /// <summary>How many tuples one delete by filter takes, since it is one transaction.</summary>
    public int TuplesPerDelete { get; init; } = 100_000;

    /// <summary>How many tuples an import that happens wholly or not at all may have: they are held in memory.</summary>
    public int TuplesPerAtomicImport { get; init; } = 1_000_000;

    /// <summary>How many tuples of an import in chunks are committed together; the lines of one hop or task may make it more.</summary>
    public int TuplesPerImportChunk { get; init; } = 10_000;

    /// <summary>How many idempotency keys are kept; past that the oldest are forgotten before the retention ends.</summary>
    public int IdempotencyKeys { get; init; } = 1_000_000;

    /// <summary>How many changes are kept in memory for watchers: one that falls further behind is told to resume.</summary>
    public int WatchBacklog { get; init; } = 65_536;

    /// <summary>How many watchers that start in the past read the log at a time.</summary>
    public int WatchCatchUps { get; init; } = 4;

    /// <summary>How many tuples with a window one watcher may wait for.</summary>
    public int WatchedWindows { get; init; } = 1_000_000;

    /// <summary>How many questions one caller may have watched in one stream.</summary>
    public int WatchedDecisions { get; init; } = 10_000;

    /// <summary>How many new answers wait for one reader, besides the first ones: one that falls further behind is told so.</summary>
    public int WaitingDecisions { get; init; } = 10_000;

    public int PreconditionsPerWrite { get; init; } = 1_000;
    public int ChecksPerBatch { get; init; } = 10_000;
    public int TuplesPerRead { get; init; } = 1_000_000;
    public int SchemaBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How many parts and subjects one expansion may have.</summary>
    public int ExpandParts { get; init; } = 10_000;

    /// <summary>How many stores one server holds.</summary>
    public int Stores { get; init; } = 1_000;

    /// <summary>How many stores of tokens one server holds that is there for tests.</summary>
    public int TestingStores { get; init; } = 10_000;

    /// <summary>How many combinations of method, code and store metrics tell apart, and how many of store, permission, mode and code.</summary>
    public int MetricSeries { get; init; } = 5_000;

    /// <summary>Of how many stores metrics tell: those that were opened first.</summary>
    public int MetricStores { get; init; } = 100;

    /// <summary>How large one request to the server may be: the largest schema fits, as JSON too.</summary>
    public int MessageBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>How many tuples one message of a stream carries: with the longest names it is still under 4 MiB, the most gRPC clients take.</summary>
    public int TuplesPerMessage { get; init; } = 1_000;

    /// <summary>How many tuples an answer in JSON, which is one message, carries.</summary>
    public int TuplesPerJsonRead { get; init; } = 10_000;

    /// <summary>How many results a lookup's answer in JSON, which is one message, carries.</summary>
    public int ResultsPerJsonLookup { get; init; } = 10_000;

    /// <summary>How long a fact past its end still explains a denial, and how long history is kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How many bytes of history are kept, however young it is.</summary>
    public long HistoryBytes { get; init; } = 1L << 30;

    /// <summary>How long a stream may hold on to the revision it reads.</summary>
    public TimeSpan StreamTime { get; init; } = TimeSpan.FromMinutes(10);
}
