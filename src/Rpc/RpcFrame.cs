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

    /// <summary>The same, the message compressed.</summary>
    public static void WriteGzip(IBufferWriter<byte> output, IMessage message)
    {
        ReadOnlySpan<byte> packed = Gzip.Deflate(message);
        WriteHeader(output.GetSpan(HeaderSize), compressed: 1, packed.Length);
        output.Advance(HeaderSize);
        output.Write(packed);
    }

    /// <summary>Reads the message of a frame.</summary>
    /// <param name="encoding">The grpc-encoding its sender announced.</param>
    /// <param name="maxSize">The most bytes it may hold once it is decompressed.</param>
    /// <exception cref="RpcException">INTERNAL when it is no such message; RESOURCE_EXHAUSTED when it is too large.</exception>
    public static T Parse<T>(MessageParser<T> parser, in ReadOnlySequence<byte> payload, bool compressed, string? encoding, int maxSize)
        where T : IMessage<T>
    {
        try
        {
            if (!compressed) return payload.IsSingleSegment ? parser.ParseFrom(payload.FirstSpan) : parser.ParseFrom(payload);
            if (encoding is null or RpcMetadata.Identity) throw new RpcException(RpcCode.Internal, "A message is compressed, but grpc-encoding does not say how.");
            return parser.ParseFrom(Gzip.Inflate(payload, maxSize).WrittenSpan);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new RpcException(RpcCode.Internal, $"The message is not a {typeof(T).Name}: {e.Message}");
        }
        catch (InvalidDataException e)
        {
            throw new RpcException(RpcCode.Internal, $"The message could not be decompressed: {e.Message}");
        }
    }

    /// <summary>What a message over the limit is answered with.</summary>
    public static RpcException TooLarge(int maxSize) => new(RpcCode.ResourceExhausted, $"The message is larger than {maxSize} bytes, the most that is accepted.");

    private static void WriteHeader(Span<byte> span, byte compressed, int size)
    {
        span[0] = compressed;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], size);
    }
}
