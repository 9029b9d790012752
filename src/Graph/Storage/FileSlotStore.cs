using Microsoft.Win32.SafeHandles;

namespace AuthzGraph.Graph.Storage;

/// <summary>Two slots in one file, a block each.</summary>
internal sealed class FileSlotStore(string path, IStableStorage stable) : ISlotStore
{
    private SafeFileHandle? _file;

    public string Name => Path.GetFileName(path);

    public bool Exists => File.Exists(path);

    public void Create(ReadOnlySpan<byte> slot)
    {
        byte[] both = new byte[2 * SlotFile.SlotBytes];
        slot.CopyTo(both);
        slot.CopyTo(both.AsSpan(SlotFile.SlotBytes));
        StableStorage.CreateFile(stable, path, file => RandomAccess.Write(file, both, 0));
    }

    public void Read(int slot, Span<byte> destination)
    {
        int read = RandomAccess.Read(Open(), destination, slot * SlotFile.SlotBytes);
        destination[read..].Clear();
    }

    public void Write(int slot, ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(Open(), bytes, slot * SlotFile.SlotBytes);
        stable.Sync(Open(), path);
    }

    public void Dispose() => _file?.Dispose();

    private SafeFileHandle Open() => _file ??= File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
}
