using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace AuthzGraph.Rpc;

/// <summary>The one message encoding besides identity.</summary>
internal static class Gzip
{
    private const int ChunkSize = 4096;

    public static ReadOnlySpan<byte> Deflate(ReadOnlySpan<byte> message)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(message);
        return packed.GetBuffer().AsSpan(0, (int)packed.Length);
    }

    /// <summary>Stops as soon as more than <paramref name="maxSize"/> bytes come out, so that a small message cannot fill the memory.</summary>
    public static ArrayBufferWriter<byte> Inflate(in ReadOnlySequence<byte> payload, int maxSize)
    {
        var plain = new ArrayBufferWriter<byte>();
        using Stream source = PipeReader.Create(payload).AsStream();
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        while (true)
        {
            int read = gzip.Read(plain.GetSpan(ChunkSize));
            if (read == 0) return plain;
            plain.Advance(read);
            if (plain.WrittenCount > maxSize) throw RpcFrame.TooLarge(maxSize);
        }
    }
}
