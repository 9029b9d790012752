using System.Buffers.Binary;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>The two small files beside the log: the manifest and the reserved instant.</summary>
internal sealed class StoreSlots : IDisposable
{
    public static readonly SlotFormat InstantFormat = new(Magic: 0x49475A41, Version: 1);

    private readonly SlotFile _manifest;
    private readonly SlotFile _instant;
    private readonly Lock _gate = new();

    private StoreSlots(SlotFile manifest, SlotFile instant)
    {
        (_manifest, _instant) = (manifest, instant);
        Manifest = Manifest.Decode(manifest.Content);
        ReservedInstant = DecodeInstant(instant.Content);
    }

    public Manifest Manifest { get; private set; }

    public Instant ReservedInstant { get; private set; }

    /// <summary>Opens both, or makes both where there is no store yet. The manifest is made last: with it there is a store.</summary>
    /// <exception cref="StoreFailedException">One is missing that must be there, damaged, or of another version.</exception>
    public static StoreSlots Open(LogParts parts)
    {
        if (parts.Manifest.Exists)
        {
            if (!parts.Instant.Exists) throw Missing(parts.Instant);
            return new StoreSlots(SlotFile.Open(parts.Manifest, Manifest.Format), SlotFile.Open(parts.Instant, InstantFormat));
        }
        if (parts.IsBackup) throw new StoreFailedException("it is a backup: restore it into a directory of its own, and open that");
        if (parts.HasSegments()) throw Missing(parts.Manifest);
        SlotFile instant = parts.Instant.Exists
            ? SlotFile.Open(parts.Instant, InstantFormat)
            : SlotFile.Create(parts.Instant, InstantFormat, Encode(Instant.Beginning));
        return new StoreSlots(SlotFile.Create(parts.Manifest, Manifest.Format, Manifest.New(parts.Shape).Encode()), instant);
    }

    /// <summary>Keeps that the log was durable up to an address.</summary>
    public void SetDurableUpTo(long address)
    {
        lock (_gate)
        {
            if (address > Manifest.DurableUpTo) Change(manifest => manifest with { DurableUpTo = address });
        }
    }

    /// <summary>Replaces the manifest by one that follows from it; on return it is on stable storage.</summary>
    public void Change(Func<Manifest, Manifest> change)
    {
        lock (_gate)
        {
            Manifest next = change(Manifest);
            _manifest.Replace(next.Encode());
            Manifest = next;
        }
    }

    public void Reserve(Instant until)
    {
        lock (_gate)
        {
            if (until <= ReservedInstant) return;
            _instant.Replace(Encode(until));
            ReservedInstant = until;
        }
    }

    public void Dispose()
    {
        _manifest.Dispose();
        _instant.Dispose();
    }

    /// <summary>A whole file that holds a reserved instant.</summary>
    public static byte[] EncodeInstant(Instant reserved) => SlotFile.EncodeTwice(InstantFormat, Encode(reserved));

    public static Instant DecodeInstant(byte[] content) => new(BinaryPrimitives.ReadInt64LittleEndian(content));

    private static byte[] Encode(Instant instant)
    {
        byte[] content = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(content, instant.Microseconds);
        return content;
    }

    private static StoreFailedException Missing(ISlotStore store) =>
        new($"the file `{store.Name}` is missing from a store that has others; restore the store from a backup");
}
