using AuthzGraph.Graph.Storage.Checkpoints;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>Checkpoints on a <see cref="SimulatedDisk"/>.</summary>
internal sealed class SimulatedCheckpoints : ICheckpointFiles
{
    private const string Prefix = "checkpoint.";
    private const string Unfinished = ".new";

    private readonly SimulatedDisk _disk;

    public SimulatedCheckpoints(SimulatedDisk disk)
    {
        _disk = disk;
        foreach (string file in disk.Files().Where(f => f.EndsWith(Unfinished, StringComparison.Ordinal))) disk.Delete(file);
    }

    public string NameOf(ulong number) => $"{Prefix}{number}";

    public IReadOnlyList<ulong> Numbers() =>
        [.. _disk.Files().Where(f => f.StartsWith(Prefix, StringComparison.Ordinal) && !f.EndsWith(Unfinished, StringComparison.Ordinal)).Select(f => ulong.Parse(f[Prefix.Length..]))];

    public ICheckpointOutput Create(ulong number) => new Output(_disk, NameOf(number));

    public ICheckpointInput Open(ulong number) => new Input(_disk, NameOf(number));

    public void Remove(ulong number) => _disk.Delete(NameOf(number));

    private sealed class Output(SimulatedDisk disk, string name) : ICheckpointOutput
    {
        private readonly List<SimulatedWrite> _unsynced = [];
        private readonly string _name = name + Unfinished;
        private long _length;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            byte[] copy = bytes.ToArray();
            SimulatedWrite write = new(_name, _length, copy.Length, () => copy, false, _ => { });
            _length += copy.Length;
            disk.Begin(write);
            _unsynced.Add(write);
        }

        public void Seal()
        {
            bool durable = true;
            for (int i = _unsynced.Count - 1; i >= 0; i -= 2) durable &= Complete(i);
            for (int i = _unsynced.Count - 2; i >= 0; i -= 2) durable &= Complete(i);
            if (!durable) throw new IOException("simulated failure");
            disk.Rename(_name, name);
        }

        public void Dispose() { }

        private bool Complete(int i) => disk.Complete(_unsynced[i]) is { Durable: true };
    }

    private sealed class Input : ICheckpointInput
    {
        private readonly SimulatedDisk _disk;
        private readonly string _name;

        public Input(SimulatedDisk disk, string name)
        {
            (_disk, _name) = (disk, name);
            if (!disk.Has(name)) throw new FileNotFoundException($"{name} is not there");
        }

        public long Length => _disk.Length(_name);

        public void Read(long offset, Span<byte> destination)
        {
            _disk.ExpectRead();
            if (offset + destination.Length > Length) throw new EndOfStreamException($"the file {_name} ends at byte {Length}");
            _disk.Read(_name, offset, destination);
        }

        public void Dispose() { }
    }
}
