using System.Collections.Immutable;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph;

/// <summary>What a watcher wants to hear, and from where on.</summary>
public sealed record WatchRequest
{
    /// <summary>Everything after this consistency token's revision; null: after the newest.</summary>
    public string? After { get; init; }

    /// <summary>
    /// With <see cref="WatchKinds.Windows"/>: openings and closings after this instant. Null: after the revision's commit or,
    /// without a token, after now. A watcher that resumes gives the instant of the last event that had a token.
    /// </summary>
    public Instant? WindowsAfter { get; init; }

    /// <summary>Changes of tuples that match any of these; none: of all tuples. They do not narrow schema changes and checkpoints.</summary>
    public ImmutableArray<TupleFilter> Filters { get; init; } = [];

    public WatchKinds Kinds { get; init; } = WatchKinds.Changes | WatchKinds.Schemas;

    /// <summary>How long nothing is said before a checkpoint is.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(1);
}

[Flags]
public enum WatchKinds : byte
{
    None = 0,

    /// <summary>Tuples created, touched and deleted.</summary>
    Changes = 1,

    /// <summary>Schemas written.</summary>
    Schemas = 2,

    /// <summary>How far everything was told: when the watcher has caught up, and then after every silence.</summary>
    Checkpoints = 4,

    /// <summary>Windows that open and close as time passes.</summary>
    Windows = 8,
}

/// <summary>
/// One message of a watch. Messages come in the order of revisions, and windows between them in the order of time. One without a
/// token is continued by the next, which is of the same revision and instant: a watcher resumes after the last one that had a token.
/// </summary>
public abstract record WatchEvent
{
    private WatchEvent(Revision revision, Instant instant, string? token) => (Revision, Instant, Token) = (revision, instant, token);

    /// <summary>Everything before it was told.</summary>
    public Revision Revision { get; }

    /// <summary>When it happened: the commit's instant, the instant at which windows changed or, of a checkpoint, how far windows were told.</summary>
    public Instant Instant { get; }

    /// <summary>The consistency token to resume after; null when there is more of the same to come.</summary>
    public string? Token { get; }

    /// <summary>Tuples changed, all in one transaction.</summary>
    /// <param name="MetadataJson">What its writer said about it.</param>
    public sealed record Changed(Revision Revision, Instant Instant, string? Token, ImmutableArray<TupleChange> Changes, string? MetadataJson)
        : WatchEvent(Revision, Instant, Token);

    /// <summary>A schema was written.</summary>
    public sealed record SchemaChanged(Revision Revision, Instant Instant, string? Token, CompiledSchema Schema)
        : WatchEvent(Revision, Instant, Token);

    /// <summary>Windows opened or closed, all at one instant.</summary>
    public sealed record WindowsChanged(Revision Revision, Instant Instant, string? Token, ImmutableArray<WindowChange> Changes)
        : WatchEvent(Revision, Instant, Token);

    /// <summary>Everything up to here was told.</summary>
    public sealed record Checkpoint(Revision Revision, Instant Instant, string? Token) : WatchEvent(Revision, Instant, Token);
}

public enum TupleChangeKind : byte
{
    /// <summary>The tuple was not there, or had ended.</summary>
    Created = 1,

    /// <summary>The tuple got another window or caveat.</summary>
    Touched = 2,

    Deleted = 3,
}

/// <summary>What became of one tuple in one transaction.</summary>
/// <param name="Tuple">As it is now; a deleted one as it was.</param>
/// <param name="Before">A touched one as it was.</param>
public sealed record TupleChange(TupleChangeKind Kind, RelationTuple Tuple, RelationTuple? Before = null);

public enum WindowChangeKind : byte { Opened = 1, Closed = 2 }

/// <summary>A stored tuple began or ceased to hold because time passed.</summary>
public sealed record WindowChange(WindowChangeKind Kind, RelationTuple Tuple);
