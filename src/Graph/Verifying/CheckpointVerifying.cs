using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Graph.Storage.Offline;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Verifying;

/// <summary>Reads every checkpoint that counts, and makes the newest once more of the one before it and the log.</summary>
internal sealed class CheckpointVerifying(StoreView store, LogVerification log, Findings findings, IProgress<StoreProgress>? progress, CancellationToken cancellation)
{
    private readonly List<CheckpointMark> _whole = [];

    /// <summary>The newest that is whole.</summary>
    public CheckpointMark? Newest => _whole.Count > 0 ? _whole[0] : null;

    public void Run()
    {
        foreach (CheckpointMark mark in store.Manifest.Checkpoints) Read(mark);
        foreach (ulong number in store.Checkpoints.Numbers())
            if (!store.Manifest.Checkpoints.Any(mark => mark.Number == number))
                findings.Note(store.Checkpoints.NameOf(number), null, "the manifest does not name it: left over from a crash, and removed when the store is opened");
        if (store.Manifest.Checkpoints is [var newest, ..] && Newest == newest) Repeat(newest);
    }

    private void Read(CheckpointMark mark)
    {
        string name = store.Checkpoints.NameOf(mark.Number);
        if (!store.Checkpoints.Numbers().Contains(mark.Number))
        {
            findings.Damage(name, null, "the file is missing");
            return;
        }
        CheckpointCounts counts = default;
        bool isWhole = findings.Try(name, () =>
        {
            using ICheckpointInput input = store.Checkpoints.Open(mark.Number);
            CheckpointReader reader = store.Read(input, mark);
            counts = reader.Counts;
            long done = 0;
            reader.ReadAll(new CheckpointVerification(cancellation, edges => progress?.Report(new StoreProgress(name, done += edges, (long)counts.Edges))));
        });
        if (!isWhole) return;
        _whole.Add(mark);
        findings.Prove($"{name} is whole: {counts.Edges} relationships, {counts.Names} names at revision {mark.Position.Revision}");
    }

    /// <summary>The older checkpoint and the log since, or the whole log, must come to the newest, byte by byte.</summary>
    private void Repeat(CheckpointMark newest)
    {
        string name = store.Checkpoints.NameOf(newest.Number);
        CheckpointMark? older = store.Manifest.Checkpoints is [_, var second] && _whole.Contains(second) ? second : null;
        if (older is null && store.Manifest.Begin != LogPosition.Origin)
        {
            findings.Note(name, null, "there is no older checkpoint, and the log reaches not to its beginning: what it was made of can't be compared");
            return;
        }
        LogPosition start = older?.Position ?? store.Manifest.Begin;
        if (!log.Holds(start, newest.Position)) return;
        string source = older is { } mark ? $"{store.Checkpoints.NameOf(mark.Number)} and the log after it come" : "the whole log comes";
        progress?.Report(new StoreProgress($"making {name} again", 0, 0));
        bool isSame = findings.Try(name, () => Repeat(older, start, newest));
        if (isSame) findings.Prove($"{source} to {name}, byte by byte");
    }

    private void Repeat(CheckpointMark? older, LogPosition start, CheckpointMark newest)
    {
        string name = store.Checkpoints.NameOf(newest.Number);
        CheckpointDelta delta = new(int.MaxValue);
        foreach (LogTransaction transaction in LogReplay.Read(store.ScanFrom(start), newest.Position.Address)) delta.Add(transaction);
        using ICheckpointInput expected = store.Checkpoints.Open(newest.Number);
        CheckpointHead head = store.Read(expected, newest).Head;
        using ICheckpointInput? input = older is { } mark ? store.Checkpoints.Open(mark.Number) : null;
        CheckpointReader? before = input is not null && older is { } from ? store.Read(input, from) : null;
        CheckpointWriter writer = new(new ComparingOutput(expected, name), newest.Number, head);
        new CheckpointMerge(before, delta, writer, head.OldestInstant, head.Ended).Run(cancellation);
        if (writer.End() != newest) throw new StoreFailedException("what it was made of comes to something shorter") { Place = new DamagedPlace(name, newest.Bytes) };
    }

    /// <summary>Takes what is written only if it is there already.</summary>
    private sealed class ComparingOutput(ICheckpointInput expected, string name) : ICheckpointOutput
    {
        private byte[] _there = [];
        private long _offset;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            if (_there.Length < bytes.Length) _there = new byte[bytes.Length];
            Span<byte> there = _there.AsSpan(0, (int)Math.Min(bytes.Length, expected.Length - _offset));
            expected.Read(_offset, there);
            int same = bytes.CommonPrefixLength(there);
            if (same < bytes.Length)
                throw new StoreFailedException($"what `{name}` was made of comes to something else from byte {_offset + same} on") { Place = new DamagedPlace(name, _offset + same) };
            _offset += bytes.Length;
        }

        public void Seal() { }

        public void Dispose() { }
    }
}
