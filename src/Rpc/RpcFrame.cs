using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace AuthzGraph.Rpc;

/// <summary>
/// The five bytes before each message: whether it is compressed, and how long it is.
/// <code>
///   0          1              5
///   | 0 or 1   | length, BE   | message …
/// </code>
/// </summary>
public static class RpcFrame
{
    public const int HeaderSize = 5;

    /// <summary>Cuts one whole frame off the front of <paramref name="buffer"/>; false when it has not all arrived.</summary>
    /// <exception cref="RpcException">
    /// RESOURCE_EXHAUSTED as soon as the header promises more than <paramref name="maxSize"/> bytes; INTERNAL for a flag that is neither 0 nor 1.
    /// </exception>
    public static bool TryCut(ref ReadOnlySequence<byte> buffer, int maxSize, out bool compressed, out ReadOnlySequence<byte> payload)
    {
        compressed = false;
        payload = default;
        if (buffer.Length < HeaderSize) return false;
        Span<byte> scratch = stackalloc byte[HeaderSize];
        scoped ReadOnlySpan<byte> header = buffer.FirstSpan;
        if (header.Length < HeaderSize)
        {
            buffer.Slice(0, HeaderSize).CopyTo(scratch);
            header = scratch;
        }
        if (header[0] > 1) throw new RpcException(RpcCode.Internal, "A message starts with a compression flag that is neither 0 nor 1.");
        compressed = header[0] == 1;
        uint size = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (size > maxSize) throw TooLarge(maxSize);
        if (buffer.Length < HeaderSize + size) return false;
        payload = buffer.Slice(HeaderSize, size);
        buffer = buffer.Slice(payload.End);
        return true;
    }

    /// <summary>Serializes straight into the writer: small messages through one span, large ones segment by segment.</summary>
    public static void Write(IBufferWriter<byte> output, IMessage message)
    {
        int size = message.CalculateSize();
        Span<byte> span = output.GetSpan(HeaderSize);
        WriteHeader(span, compressed: 0, size);
        if (span.Length >= HeaderSize + size)
        {
            message.WriteTo(span.Slice(HeaderSize, size));
            output.Advance(HeaderSize + size);
            return;
        }
        output.Advance(HeaderSize);
        message.WriteTo(output);
    }

    /// <summary>The same of a message that is serialized already.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> message) => Write(output, message, compressed: 0);

    /// <summary>The same, the message compressed.</summary>
    public static void WriteGzip(IBufferWriter<byte> output, ReadOnlySpan<byte> message) => Write(output, Gzip.Deflate(message), compressed: 1);

    /// <summary>Reads the message of a frame.</summary>
    /// <param name="encoding">The grpc-encoding its sender announced.</param>
    /// <param name="maxSize">The most bytes it may hold once it is decompressed.</param>
    /// <exception cref="RpcException">INTERNAL when it is no such message; RESOURCE_EXHAUSTED when it is too large.</exception>
    public static T Parse<T>(MessageParser<T> parser, in ReadOnlySequence<byte> payload, bool compressed, string? encoding, int maxSize)
        where T : IMessage<T>
    {
        ReadOnlySequence<byte> plain = compressed ? Inflate(payload, encoding, maxSize) : payload;
        try
        {
            return plain.IsSingleSegment ? parser.ParseFrom(plain.FirstSpan) : parser.ParseFrom(plain);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw NoMessage(typeof(T).Name, e);
        }
    }

    /// <summary>The message of a frame that says it is compressed.</summary>
    /// <inheritdoc cref="Parse" path="/param"/>
    /// <exception cref="RpcException">INTERNAL when it cannot be decompressed; RESOURCE_EXHAUSTED when it is too large.</exception>
    public static ReadOnlySequence<byte> Inflate(in ReadOnlySequence<byte> payload, string? encoding, int maxSize)
    {
        if (encoding is null or RpcMetadata.Identity) throw new RpcException(RpcCode.Internal, "A message is compressed, but grpc-encoding does not say how.");
        try
        {
            return new ReadOnlySequence<byte>(Gzip.Inflate(payload, maxSize).WrittenMemory);
        }
        catch (InvalidDataException e)
        {
            throw new RpcException(RpcCode.Internal, $"The message could not be decompressed: {e.Message}");
        }
    }

    /// <summary>What bytes that are no such message are answered with.</summary>
    public static RpcException NoMessage(string name, Exception why) => new(RpcCode.Internal, $"The message is not a {name}: {why.Message}");

    /// <summary>What a message over the limit is answered with.</summary>
    public static RpcException TooLarge(int maxSize) => new(RpcCode.ResourceExhausted, $"The message is larger than {maxSize} bytes, the most that is accepted.");

    private static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> content, byte compressed)
    {
        WriteHeader(output.GetSpan(HeaderSize), compressed, content.Length);
        output.Advance(HeaderSize);
        output.Write(content);
    }

    private static void WriteHeader(Span<byte> span, byte compressed, int size)
    {
        span[0] = compressed;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], size);
    }
}
