using System.Runtime.InteropServices;

namespace AuthzGraph.Graph.Index.Memory;

/// <summary>
/// Tells the writer what readers may still hold. A reader notes the epoch it enters in, a plain store, and clears the note when
/// it leaves. The writer takes a thing out of reach, moves on to the next epoch, and may reuse the thing once nobody is left in an
/// epoch up to that one. The fence that makes a reader's note visible before what it reads afterwards is on the writer's side
/// alone (<see cref="Interlocked.MemoryBarrierProcessWide"/>), so readers pay none.
/// </summary>
internal sealed class Epochs
{
    private readonly Lock _gate = new();
    private readonly List<WeakReference<Reader>> _readers = [];
    private ulong _now = 1;

    /// <summary>The present epoch: with it the writer marks what it has just taken out of reach.</summary>
    public ulong Now => _now;

    /// <summary>A place to read from, for one thread at a time; kept as long as its owner keeps it.</summary>
    public Reader NewReader()
    {
        var reader = new Reader(this);
        lock (_gate) _readers.Add(new WeakReference<Reader>(reader));
        return reader;
    }

    /// <summary>Writer only: moves on, and returns the oldest epoch somebody is still in; what was marked with an earlier one is free.</summary>
    public ulong Advance()
    {
        Volatile.Write(ref _now, _now + 1);
        Interlocked.MemoryBarrierProcessWide();
        ulong oldest = _now;
        lock (_gate)
        {
            for (int i = _readers.Count - 1; i >= 0; i--)
            {
                if (!_readers[i].TryGetTarget(out Reader? reader)) RemoveAt(i);
                else if (reader.Entered is not 0 and var entered) oldest = Math.Min(oldest, entered);
            }
        }
        return oldest;
    }

    private void RemoveAt(int i)
    {
        _readers[i] = _readers[^1];
        _readers.RemoveAt(_readers.Count - 1);
    }

    /// <summary>Where one reader notes that it reads. Not entered twice at a time; never held across an <c>await</c> or steps without a bound.</summary>
    internal sealed class Reader(Epochs epochs)
    {
        private Note _note;

        public ulong Entered => Volatile.Read(ref _note.Epoch);

        public void Enter() => Volatile.Write(ref _note.Epoch, Volatile.Read(ref epochs._now));

        public void Leave() => Volatile.Write(ref _note.Epoch, 0);

        // alone on its cache lines, so that readers do not slow each other down
        [StructLayout(LayoutKind.Explicit, Size = 192)]
        private struct Note
        {
            [FieldOffset(64)]
            public ulong Epoch;
        }
    }
}
