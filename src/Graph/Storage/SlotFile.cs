using System.Buffers.Binary;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// A small content kept twice. A replacement goes to one slot and then, once that is durable, to the other, so a crash
/// leaves at least one whole and damage at rest to either loses nothing.
/// A slot: 0 crc32c of all that follows · 4 magic · 8 format version · 12 content length · 16 generation (8) · 24 content.
/// </summary>
internal sealed class SlotFile : IDisposable
{
    public const int SlotBytes = 4096;
    private const int HeaderBytes = 24;

    private readonly ISlotStore _store;
    private readonly SlotFormat _format;
    private ulong _generation;

    private SlotFile(ISlotStore store, SlotFormat format, ulong generation, byte[] content)
    {
        (_store, _format, _generation) = (store, format, generation);
        Content = content;
    }

    public byte[] Content { get; private set; }

    public static SlotFile Create(ISlotStore store, SlotFormat format, byte[] content)
    {
        const ulong first = 1;
        store.Create(Encode(format, first, content));
        return new SlotFile(store, format, first, content);
    }

    /// <exception cref="StoreFailedException">It is of another version, or both slots are damaged.</exception>
    public static SlotFile Open(ISlotStore store, SlotFormat format)
    {
        Slot first = Read(store, format, 0);
        Slot second = Read(store, format, 1);
        if (!first.IsWhole && !second.IsWhole)
            throw new StoreFailedException($"both copies in the file `{store.Name}` are damaged; restore the store from a backup");
        Slot newest = !second.IsWhole || first.IsWhole && first.Generation >= second.Generation ? first : second;
        SlotFile file = new(store, format, newest.Generation, newest.Content);
        if (!first.IsWhole || !second.IsWhole || first.Generation != second.Generation) file.Replace(newest.Content);
        return file;
    }

    /// <summary>Returns once the new content is on stable storage, twice.</summary>
    public void Replace(byte[] content)
    {
        byte[] slot = Encode(_format, ++_generation, content);
        _store.Write(0, slot);
        _store.Write(1, slot);
        Content = content;
    }

    public void Dispose() => _store.Dispose();

    private static byte[] Encode(SlotFormat format, ulong generation, ReadOnlySpan<byte> content)
    {
        byte[] slot = new byte[SlotBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(slot.AsSpan(4), format.Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(slot.AsSpan(8), format.Version);
        BinaryPrimitives.WriteInt32LittleEndian(slot.AsSpan(12), content.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(slot.AsSpan(16), generation);
        content.CopyTo(slot.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(slot, Crc32C.Of(slot.AsSpan(sizeof(uint))));
        return slot;
    }

    private static Slot Read(ISlotStore store, SlotFormat format, int index)
    {
        byte[] slot = new byte[SlotBytes];
        store.Read(index, slot);
        if (BinaryPrimitives.ReadUInt32LittleEndian(slot) != Crc32C.Of(slot.AsSpan(sizeof(uint)))) return default;
        if (BinaryPrimitives.ReadUInt32LittleEndian(slot.AsSpan(4)) != format.Magic) return default;
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(slot.AsSpan(8));
        if (version != format.Version)
            throw new StoreFailedException(
                $"the file `{store.Name}` is of format {version}, and this program reads only format {format.Version}: "
                + "start the program that wrote it");
        int length = BinaryPrimitives.ReadInt32LittleEndian(slot.AsSpan(12));
        if (length is < 0 or > SlotBytes - HeaderBytes) return default;
        return new Slot(true, BinaryPrimitives.ReadUInt64LittleEndian(slot.AsSpan(16)), slot.AsSpan(HeaderBytes, length).ToArray());
    }

    private readonly record struct Slot(bool IsWhole, ulong Generation, byte[] Content);
}

/// <summary>What a <see cref="SlotFile"/> holds and in which version.</summary>
internal readonly record struct SlotFormat(uint Magic, uint Version);
