using AuthzGraph.Graph.Storage;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>A two-slot file on a <see cref="SimulatedDisk"/>.</summary>
internal sealed class SimulatedSlots(SimulatedDisk disk, string name) : ISlotStore
{
    public string Name => name;

    public bool Exists => disk.Has(name);

    public void Create(ReadOnlySpan<byte> slot) => disk.Create(name, [.. slot, .. slot]);

    public void Read(int slot, Span<byte> destination) => disk.Read(name, slot * SlotFile.SlotBytes, destination);

    public void Write(int slot, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        SimulatedWrite write = new(name, slot * SlotFile.SlotBytes, copy.Length, () => copy, false, _ => { });
        disk.Begin(write);
        if (disk.Complete(write) is not { Durable: true }) throw new IOException("simulated failure");
    }

    public void Dispose() { }
}
