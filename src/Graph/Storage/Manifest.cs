using System.Buffers;
using System.Security.Cryptography;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>What a store says about itself apart from its log.</summary>
/// <param name="PageBits">As in <see cref="LogShape"/>: records can't be found without it.</param>
/// <param name="Begin">Where the log begins; what lay before was dropped.</param>
/// <param name="DurableUpTo">A log that ends before this address has lost bytes.</param>
internal sealed record Manifest(StoreIdentity Identity, int PageBits, int SegmentBits, LogPosition Begin, long DurableUpTo)
{
    public static readonly SlotFormat Format = new(Magic: 0x4D475A41, Version: 1);

    private const int TokenKeyBytes = 32;
    private const int GuidBytes = 16;

    public static Manifest New(LogShape shape) =>
        new(NewIdentity(), shape.PageBits, shape.SegmentBits, LogPosition.Origin, LogPosition.Origin.Address);

    public static StoreIdentity NewIdentity() =>
        new(new Guid(RandomNumberGenerator.GetBytes(GuidBytes)), Timeline: 1, RandomNumberGenerator.GetBytes(TokenKeyBytes));

    public byte[] Encode()
    {
        ArrayBufferWriter<byte> output = new();
        output.Write(Identity.Store.ToByteArray());
        output.Write(Identity.TokenKey);
        PayloadWriter writer = new(output);
        writer.Number(Identity.Timeline);
        writer.Byte((byte)PageBits);
        writer.Byte((byte)SegmentBits);
        writer.Signed(Begin.Address);
        writer.Number(Begin.Chain);
        writer.Number(Begin.Epoch);
        writer.Number(Begin.Revision.Value);
        writer.Signed(Begin.CommittedAt.Microseconds);
        writer.Signed(DurableUpTo);
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="StoreFailedException">The content is not a manifest's.</exception>
    public static Manifest Decode(byte[] content)
    {
        if (content.Length < GuidBytes + TokenKeyBytes) throw PayloadReader.Malformed("the manifest ends too soon");
        Guid store = new(content.AsSpan(0, GuidBytes));
        byte[] key = content.AsSpan(GuidBytes, TokenKeyBytes).ToArray();
        PayloadReader reader = new(content.AsSpan(GuidBytes + TokenKeyBytes));
        StoreIdentity identity = new(store, reader.Number32(), key);
        (int pageBits, int segmentBits) = (reader.Byte(), reader.Byte());
        LogPosition begin = new(
            reader.Signed(), reader.Number32(), reader.Number32(), new Revision(reader.Number()), new Instant(reader.Signed()));
        return new Manifest(identity, pageBits, segmentBits, begin, reader.Signed());
    }
}
