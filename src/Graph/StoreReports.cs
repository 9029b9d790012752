using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>How far a long operation on a store has come.</summary>
/// <param name="Step">What is being done: <c>log</c>, <c>checkpoint.3</c>.</param>
/// <param name="Done">Of <paramref name="Total"/>, in bytes unless the step says otherwise; a total of 0 is not known.</param>
public readonly record struct StoreProgress(string Step, long Done, long Total);

/// <summary>Something wrong, or worth knowing, in a store's directory.</summary>
/// <param name="IsDamage">False: it is as a crash leaves it, and nothing is lost by it.</param>
/// <param name="File">Its name in the directory.</param>
/// <param name="Offset">The byte of the file at which it shows; null: the file as a whole.</param>
public sealed record StoreFinding(bool IsDamage, string File, long? Offset, string Problem);

/// <summary>What looking into every byte of a store proved and found.</summary>
/// <param name="Proved">What holds, a sentence each.</param>
/// <param name="Revision">The newest that the log holds; 0 when it holds none or its end could not be found.</param>
public sealed record VerificationReport(ImmutableArray<string> Proved, ImmutableArray<StoreFinding> Findings, Revision Revision)
{
    public bool IsWhole => !Findings.Any(finding => finding.IsDamage);
}

/// <summary>What a store's directory says of itself at a glance.</summary>
/// <param name="IsBackup">Whether it is a copy that has to be restored before it serves.</param>
/// <param name="Revision">The newest that the log holds.</param>
/// <param name="CommittedAt">When that was committed; null where nothing was.</param>
/// <param name="OldestRevision">The oldest whose changes the log still holds; one more than the newest where it holds none.</param>
/// <param name="OldestRestorable">The oldest to which a restore can go back; null: none, the newest checkpoint is damaged or missing.</param>
/// <param name="LogBytes">Of all segments, in full length.</param>
/// <param name="LogFilled">How much of them is written.</param>
/// <param name="Tuples">That are stored at <paramref name="Revision"/>, those that ended and were not collected yet among them.</param>
/// <param name="Names">That have a number; some of them may be in use no more.</param>
/// <param name="Bytes">Of all files.</param>
public sealed record StoreFigures(
    uint Format, Guid Store, uint Timeline, bool IsBackup, Revision Revision, Instant? CommittedAt, Revision OldestRevision, Revision? OldestRestorable,
    int Segments, long LogBytes, long LogFilled, ImmutableArray<CheckpointFigures> Checkpoints, long Tuples, long Names, long Bytes)
{
    /// <summary>Null where there are no tuples.</summary>
    public double? BytesPerTuple => Tuples == 0 ? null : (double)Bytes / Tuples;
}

/// <summary>What a checkpoint says of itself.</summary>
public sealed record CheckpointFigures(ulong Number, Revision Revision, Instant CommittedAt, long Bytes, long Tuples, long Names);
