namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>
/// A disk in memory that can lose power. A write is durable once it is completed; until then a crash keeps any subset of
/// its sectors (or larger or smaller pieces). The crash is an image taken at one chosen event, from which the next life starts, while the
/// life that crashed goes on upon the old disk, where it can do no harm.
/// </summary>
/// <param name="grain">Bytes that a loss of power leaves all old or all new; 1 stands for pieces of any length.</param>
internal sealed class SimulatedDisk(Random random, int grain = 512)
{
    private const byte Poison = 0xDB;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _files = [];
    private readonly List<SimulatedWrite> _pending = [];
    private int _eventsUntilCrash = -1;
    private int _writesUntilFailure = -1;
    private int _readsUntilFailure = -1;
    private long _capacity = long.MaxValue;
    private readonly ManualResetEventSlim _flowing = new(true);
    private Func<int> _acknowledged = () => 0;

    /// <summary>What the crash left, once it happened, and how many transactions had been acknowledged by then.</summary>
    public (SimulatedDisk Disk, int Acknowledged)? Crash { get; private set; }

    /// <summary>Whether a write has failed; then no later one reaches the disk.</summary>
    public bool Failed { get; private set; }

    public int Events { get; private set; }

    public int Writes { get; private set; }

    public int TornSectors { get; private set; }

    public void CrashAfter(int events, Func<int> acknowledged) => (_eventsUntilCrash, _acknowledged) = (events, acknowledged);

    public void FailWrite(int number) => _writesUntilFailure = number;

    /// <summary>Fails one read of the log or of a checkpoint; the bytes are there.</summary>
    public void FailRead(int number) => _readsUntilFailure = number;

    /// <summary>Fails writes that would make the files longer than this together.</summary>
    public void FullAt(long bytes) => _capacity = bytes;

    public void ExpectRead()
    {
        lock (_gate)
        {
            if (_readsUntilFailure < 0 || _readsUntilFailure-- != 0) return;
            ReadFailed = true;
            throw new IOException("simulated failure of a read");
        }
    }

    /// <summary>Whether a read has failed.</summary>
    public bool ReadFailed { get; private set; }

    public long Bytes
    {
        get { lock (_gate) return _files.Values.Sum(f => (long)f.Length); }
    }

    public string[] Files()
    {
        lock (_gate) return [.. _files.Keys];
    }

    /// <summary>Gives a file another name, whole or not at all.</summary>
    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            Event();
            FailIfDue();
            if (Failed) throw new IOException("simulated failure");
            _files.Remove(from, out byte[]? bytes);
            _files[to] = bytes ?? [];
            Event();
        }
    }

    public void Delete(string file)
    {
        lock (_gate)
        {
            Event();
            _files.Remove(file);
            Event();
        }
    }

    /// <summary>Deletes a part of a file: whoever reads it now reads nonsense.</summary>
    public void Remove(string file, long offset, long length)
    {
        lock (_gate)
        {
            if (!_files.TryGetValue(file, out byte[]? bytes) || offset >= bytes.Length) return;
            Event();
            bytes.AsSpan((int)offset, (int)Math.Min(length, bytes.Length - offset)).Fill(Poison);
            Event();
        }
    }

    /// <summary>Lets no write complete until <see cref="Release"/>, or until what is returned is disposed of, so that no test that fails waits for ever.</summary>
    public IDisposable Hold()
    {
        _flowing.Reset();
        return new Held(this);
    }

    private sealed class Held(SimulatedDisk disk) : IDisposable
    {
        public void Dispose() => disk.Release();
    }

    public void Release() => _flowing.Set();

    public bool Has(string file)
    {
        lock (_gate) return _files.ContainsKey(file);
    }

    public int Length(string file)
    {
        lock (_gate) return _files.TryGetValue(file, out byte[]? bytes) ? bytes.Length : 0;
    }

    public void Read(string file, long offset, Span<byte> destination)
    {
        lock (_gate)
        {
            destination.Clear();
            if (!_files.TryGetValue(file, out byte[]? bytes) || offset >= bytes.Length) return;
            ReadOnlySpan<byte> there = bytes.AsSpan((int)offset);
            there[..Math.Min(there.Length, destination.Length)].CopyTo(destination);
        }
    }

    /// <summary>Makes a file, whole or not at all.</summary>
    public void Create(string file, byte[] bytes)
    {
        lock (_gate)
        {
            Event();
            FailIfDue();
            if (Failed) throw new IOException("simulated failure");
            _files[file] = bytes;
            Event();
        }
    }

    public void Begin(SimulatedWrite write)
    {
        lock (_gate)
        {
            _pending.Add(write);
            Writes++;
            FailIfDue();
            int length = _files.TryGetValue(write.File, out byte[]? there) ? there.Length : 0;
            Failed |= write.Offset + write.Length > length && Bytes + write.Offset + write.Length - length > _capacity;
            Event();
        }
    }

    /// <summary>Completes a given write, or any that may come next; says whether it is durable.</summary>
    public (SimulatedWrite Write, bool Durable)? Complete(SimulatedWrite? chosen = null)
    {
        _flowing.Wait();
        lock (_gate)
        {
            SimulatedWrite? write = chosen ?? AnyPending();
            if (write is null) return null;
            Event();
            if (Failed) Tear(write, this);
            else Persist(write, this, 0, write.Length);
            _pending.Remove(write);
            return (write, !Failed);
        }
    }

    /// <summary>What a loss of power would leave now.</summary>
    public SimulatedDisk LosePower()
    {
        lock (_gate)
        {
            SimulatedDisk left = new(random, grain);
            foreach ((string file, byte[] bytes) in _files) left._files[file] = [.. bytes];
            foreach (SimulatedWrite write in _pending) Tear(write, left);
            return left;
        }
    }

    /// <summary>A copy whose bytes at rest were changed behind everybody's back; null takes the file away.</summary>
    public SimulatedDisk Damaged(string file, Func<byte[], byte[]?> change)
    {
        SimulatedDisk copy = LosePower();
        if (change(copy._files[file]) is { } changed) copy._files[file] = changed;
        else copy._files.Remove(file);
        return copy;
    }

    private void Event()
    {
        Events++;
        if (_eventsUntilCrash < 0 || _eventsUntilCrash-- != 0) return;
        int acknowledged = _acknowledged();   // before the image is taken: what was acknowledged must be in it
        Crash = (LosePower(), acknowledged);
    }

    private void FailIfDue() => Failed |= _writesUntilFailure >= 0 && _writesUntilFailure-- == 0;

    /// <summary>Writes complete in any order, but for two that overlap.</summary>
    private SimulatedWrite? AnyPending()
    {
        SimulatedWrite[] free = [.. _pending.Where(w => w.MayCompleteFreely)];
        if (free.Length == 0) return null;
        SimulatedWrite chosen = free[random.Next(free.Length)];
        return free.First(w => w == chosen || w.Overlaps(chosen));
    }

    private void Tear(SimulatedWrite write, SimulatedDisk target)
    {
        int kept = random.Next(4);   // none, all, or any of its sectors
        int length;
        for (int offset = 0; offset < write.Length; offset += length)
        {
            length = Math.Min(grain > 1 ? grain - (int)((write.Offset + offset) % grain) : random.Next(1, 600), write.Length - offset);
            if (kept == 0 || (kept > 1 && random.Next(2) == 0)) continue;
            Persist(write, target, offset, length);
            TornSectors++;
        }
    }

    private static void Persist(SimulatedWrite write, SimulatedDisk target, int from, int length)
    {
        byte[] file = target._files.GetValueOrDefault(write.File) ?? [];
        if (file.Length < write.Offset + from + length) Array.Resize(ref file, (int)write.Offset + from + length);
        target._files[write.File] = file;
        write.Bytes().AsSpan(from, length).CopyTo(file.AsSpan((int)write.Offset + from));
    }
}

/// <param name="Bytes">Looked at when they reach the disk, as a disk looks at memory that goes on changing.</param>
/// <param name="MayCompleteFreely">Whether it waits in the device's queue; others are completed by whom they make wait.</param>
internal sealed record SimulatedWrite(string File, long Offset, int Length, Func<byte[]> Bytes, bool MayCompleteFreely, Action<bool> Done)
{
    public bool Overlaps(SimulatedWrite other) => File == other.File && Offset < other.Offset + other.Length && other.Offset < Offset + Length;
}
