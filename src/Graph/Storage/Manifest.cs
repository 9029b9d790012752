using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>What a store says about itself apart from its log.</summary>
/// <param name="PageBits">As in <see cref="LogShape"/>: records can't be found without it.</param>
/// <param name="Begin">Where the log begins; what lay before was dropped.</param>
/// <param name="DurableUpTo">A log that ends before this address has lost bytes.</param>
internal sealed record Manifest(StoreIdentity Identity, int PageBits, int SegmentBits, LogPosition Begin, long DurableUpTo)
{
    public static readonly SlotFormat Format = new(Magic: 0x4D475A41, Version: 3);

    /// <summary>How many checkpoints are kept.</summary>
    public const int MostCheckpoints = 2;

    // together with all else they fit into a slot
    private const int MostStarts = 48;
    private const int MostAncestors = 64;
    private const uint LongestTimelineStep = 1 << 20;

    private const int TokenKeyBytes = 32;
    private const int GuidBytes = 16;

    /// <summary>The verified checkpoints, newest first.</summary>
    public ImmutableArray<CheckpointMark> Checkpoints { get; init; } = [];

    /// <summary>Where the log may begin once nobody needs what is before, oldest first: the positions of checkpoints, old ones too.</summary>
    public ImmutableArray<LogPosition> Starts { get; init; } = [];

    /// <summary>With a newer checkpoint, and only so many older ones as are kept.</summary>
    public Manifest With(CheckpointMark checkpoint)
    {
        ImmutableArray<LogPosition> starts = Starts.Length < MostStarts ? Starts : [.. Starts.Where((_, i) => i % 2 == 1)];
        return this with
        {
            Checkpoints = [checkpoint, .. Checkpoints.Take(MostCheckpoints - 1)],
            Starts = starts.Add(checkpoint.Position),
            DurableUpTo = Math.Max(DurableUpTo, checkpoint.Position.Address),
        };
    }

    /// <summary>With a log that begins at one of <see cref="Starts"/>.</summary>
    public Manifest BeginningAt(LogPosition start) => this with { Begin = start, Starts = [.. Starts.Where(s => s.Address > start.Address)] };

    /// <summary>
    /// Of a store that goes on from a position of this one on a timeline of its own. Timelines grow, by a random step, so that two restores
    /// of one backup are told from each other.
    /// </summary>
    public Manifest ForkedAt(LogPosition end)
    {
        TimelineFork[] ancestors = [.. Identity.Ancestors.Append(new TimelineFork(Identity.Timeline, end.Revision)).TakeLast(MostAncestors)];
        uint step = 1 + BinaryPrimitives.ReadUInt32LittleEndian(RandomNumberGenerator.GetBytes(sizeof(uint))) % LongestTimelineStep;
        return CutAt(end) with
        {
            Identity = Identity with
            {
                Timeline = checked(Identity.Timeline + step),
                Ancestors = [.. ancestors.Select(fork => fork with { Last = new Revision(Math.Min(fork.Last.Value, end.Revision.Value)) })],
            },
        };
    }

    /// <summary>Of a copy whose log ends at a position.</summary>
    public Manifest CutAt(LogPosition end) => this with
    {
        Checkpoints = [.. Checkpoints.Where(mark => mark.Position.Address <= end.Address)],
        Starts = [.. Starts.Where(start => start.Address <= end.Address)],
        DurableUpTo = end.Address,
    };

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
        CheckpointCodec.WritePosition(writer, Begin);
        writer.Signed(DurableUpTo);
        writer.Number((uint)Checkpoints.Length);
        foreach (CheckpointMark checkpoint in Checkpoints) Encode(writer, checkpoint);
        writer.Number((uint)Starts.Length);
        foreach (LogPosition start in Starts) CheckpointCodec.WritePosition(writer, start);
        writer.Number((uint)Identity.Ancestors.Length);
        foreach (TimelineFork fork in Identity.Ancestors)
        {
            writer.Number(fork.Timeline);
            writer.Number(fork.Last.Value);
        }
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
        Manifest manifest = new(identity, pageBits, segmentBits, CheckpointCodec.ReadPosition(ref reader), reader.Signed());
        CheckpointMark[] checkpoints = new CheckpointMark[Count(ref reader, MostCheckpoints)];
        for (int i = 0; i < checkpoints.Length; i++) checkpoints[i] = DecodeMark(ref reader);
        LogPosition[] starts = new LogPosition[Count(ref reader, MostStarts)];
        for (int i = 0; i < starts.Length; i++) starts[i] = CheckpointCodec.ReadPosition(ref reader);
        TimelineFork[] ancestors = new TimelineFork[Count(ref reader, MostAncestors)];
        for (int i = 0; i < ancestors.Length; i++) ancestors[i] = new TimelineFork(reader.Number32(), new Revision(reader.Number()));
        return manifest with { Identity = identity with { Ancestors = [.. ancestors] }, Checkpoints = [.. checkpoints], Starts = [.. starts] };
    }

    private static void Encode(PayloadWriter writer, CheckpointMark checkpoint)
    {
        writer.Number(checkpoint.Number);
        CheckpointCodec.WritePosition(writer, checkpoint.Position);
        writer.Signed(checkpoint.Bytes);
        writer.Number(checkpoint.Checksum);
    }

    private static CheckpointMark DecodeMark(ref PayloadReader reader) =>
        new(reader.Number(), CheckpointCodec.ReadPosition(ref reader), reader.Signed(), reader.Number32());

    private static int Count(ref PayloadReader reader, int most)
    {
        ulong count = reader.Number();
        return count <= (ulong)most ? (int)count : throw PayloadReader.Malformed($"the manifest lists {count} where there are at most {most}");
    }
}
