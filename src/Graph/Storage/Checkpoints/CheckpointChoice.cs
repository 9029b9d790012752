using System.Collections.Immutable;

namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>From where a store is opened: the newest checkpoint that is whole, or the beginning of the log.</summary>
/// <param name="Checkpoint">Null: none, the log tells everything.</param>
/// <param name="Damaged">The checkpoints that were passed over.</param>
internal sealed record CheckpointChoice(CheckpointMark? Checkpoint, LogPosition Start, ImmutableArray<CheckpointMark> Damaged, IReadOnlyList<string> Notices)
{
    /// <exception cref="StoreFailedException">No checkpoint is whole, and the log does not reach back to where it would do without.</exception>
    public static CheckpointChoice Of(ICheckpointFiles files, Manifest manifest)
    {
        List<string> problems = [];
        List<CheckpointMark> damaged = [];
        foreach (CheckpointMark mark in manifest.Checkpoints)
        {
            if (ProblemOf(files, mark) is not { } problem)
                return new CheckpointChoice(mark, mark.Position, [.. damaged], NoticesOf(problems, $"checkpoint {mark.Number} and the log after it"));
            problems.Add(problem);
            damaged.Add(mark);
        }
        if (manifest.Begin == LogPosition.Origin)
            return new CheckpointChoice(null, manifest.Begin, [.. damaged], NoticesOf(problems, "the whole log"));
        throw new StoreFailedException(
            $"no checkpoint is whole, and the log reaches back only to revision {manifest.Begin.Revision.Next}: "
            + $"{(problems.Count == 0 ? "the manifest names none" : string.Join("; ", problems))}; restore the store from a backup");
    }

    /// <summary>Why a checkpoint is not whole; null if it is.</summary>
    public static string? ProblemOf(ICheckpointFiles files, CheckpointMark mark)
    {
        try
        {
            using ICheckpointInput input = files.Open(mark.Number);
            new CheckpointBlocks(input, files.NameOf(mark.Number), mark).Verify();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static List<string> NoticesOf(List<string> problems, string instead) =>
        [.. problems.Select(problem => $"{problem}; the store was opened from {instead} instead, and nothing is lost")];
}
