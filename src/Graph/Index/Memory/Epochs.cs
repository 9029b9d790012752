using System.Runtime.InteropServices;
using Microsoft.Extensions.ObjectPool;

namespace AuthzGraph.Graph.Index.Memory;

/// <summary>
/// Tells the writer what readers may still hold. A reader notes the epoch it enters in, a plain store, and clears the note when
/// it leaves. The writer takes a thing out of reach, moves on to the next epoch, and may reuse the thing once nobody is left in an
/// epoch up to that one. The fence that makes a reader's note visible before what it reads afterwards is on the writer's side
/// alone (<see cref="Interlocked.MemoryBarrierProcessWide"/>), so readers pay none.
/// </summary>
internal sealed class Epochs
{
    private const int FewReaders = 64;

    private readonly Lock _gate = new();
    private readonly List<WeakReference<Reader>> _readers = [];
    private readonly ObjectPool<Reader> _spare;
    private int _pruneAt = FewReaders;
    private ulong _now = 1;

    public Epochs() => _spare = new DefaultObjectPool<Reader>(new ReaderPolicy(this));

    /// <summary>The present epoch: with it the writer marks what it has just taken out of reach.</summary>
    public ulong Now => _now;

    /// <summary>A place to read from, for one thread at a time; kept as long as its owner keeps it.</summary>
    public Reader NewReader()
    {
        var reader = new Reader(this);
        lock (_gate)
        {
            _readers.Add(new WeakReference<Reader>(reader));
            if (_readers.Count >= _pruneAt) Prune();
        }
        return reader;
    }

    /// <summary>Enters for one slice of a stream, until it is disposed of.</summary>
    public Stay Enter()
    {
        Reader reader = _spare.Get();
        reader.Enter();
        return new Stay(_spare, reader);
    }

    /// <summary>Writer only: moves on, and returns the oldest epoch somebody is still in; what was marked with an earlier one is free.</summary>
    public ulong Advance()
    {
        Volatile.Write(ref _now, _now + 1);
        Interlocked.MemoryBarrierProcessWide();
        ulong oldest = _now;
        lock (_gate)
        {
            foreach (WeakReference<Reader> place in _readers)
                if (place.TryGetTarget(out Reader? reader) && reader.Entered is not 0 and var entered) oldest = Math.Min(oldest, entered);
        }
        return oldest;
    }

    private void Prune()
    {
        _readers.RemoveAll(place => !place.TryGetTarget(out _));
        _pruneAt = _readers.Count * 2 + FewReaders;
    }

    private sealed class ReaderPolicy(Epochs epochs) : PooledObjectPolicy<Reader>
    {
        public override Reader Create() => epochs.NewReader();

        public override bool Return(Reader reader) => true;
    }

    /// <summary>One stay in an epoch.</summary>
    internal readonly struct Stay(ObjectPool<Reader> spare, Reader reader) : IDisposable
    {
        public void Dispose()
        {
            reader.Leave();
            spare.Return(reader);
        }
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
