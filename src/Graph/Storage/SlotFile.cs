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
        SlotContent? first = Read(store, format, 0);
        SlotContent? second = Read(store, format, 1);
        SlotContent newest = Newest(first, second)
            ?? throw new StoreFailedException($"both copies in the file `{store.Name}` are damaged; restore the store from a backup");
        SlotFile file = new(store, format, newest.Generation, newest.Bytes);
        if (first?.Generation != second?.Generation) file.Replace(newest.Bytes);
        return file;
    }

    /// <summary>What counts of two slots; null if neither is whole.</summary>
    public static SlotContent? Newest(SlotContent? first, SlotContent? second) =>
        first is null || second?.Generation > first.Generation ? second : first;

    /// <summary>What a slot holds, or null if it is damaged.</summary>
    /// <param name="name">The file's, for messages.</param>
    /// <exception cref="StoreFailedException">It is of another version.</exception>
    public static SlotContent? Decode(ReadOnlySpan<byte> slot, SlotFormat format, string name)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(slot) != Crc32C.Of(slot[sizeof(uint)..])) return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(slot[4..]) != format.Magic) return null;
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(slot[8..]);
        if (version != format.Version)
            throw new StoreFailedException(
                $"the file `{name}` is of format {version}, and this program reads only format {format.Version}: "
                + "start the program that wrote it");
        int length = BinaryPrimitives.ReadInt32LittleEndian(slot[12..]);
        if (length is < 0 or > SlotBytes - HeaderBytes) return null;
        return new SlotContent(BinaryPrimitives.ReadUInt64LittleEndian(slot[16..]), slot.Slice(HeaderBytes, length).ToArray());
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

    /// <summary>A file of two equal slots.</summary>
    public static byte[] EncodeTwice(SlotFormat format, ReadOnlySpan<byte> content)
    {
        byte[] slot = Encode(format, 1, content);
        return [.. slot, .. slot];
    }

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

    private static SlotContent? Read(ISlotStore store, SlotFormat format, int index)
    {
        byte[] slot = new byte[SlotBytes];
        store.Read(index, slot);
        return Decode(slot, format, store.Name);
    }
}

/// <summary>What a <see cref="SlotFile"/> holds and in which version.</summary>
internal readonly record struct SlotFormat(uint Magic, uint Version);

/// <summary>What one slot holds.</summary>
/// <param name="Generation">Of two slots the one with the greater counts.</param>
internal sealed record SlotContent(ulong Generation, byte[] Bytes);
