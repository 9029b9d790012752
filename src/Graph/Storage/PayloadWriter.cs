using System.Buffers;
using System.Text;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>Writes numbers as varints (7 bits a byte, low first) and texts as length and UTF-8.</summary>
internal readonly ref struct PayloadWriter(IBufferWriter<byte> output)
{
    private const int MaxVarintBytes = 10;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public void Byte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    public void Number(ulong value)
    {
        Span<byte> span = output.GetSpan(MaxVarintBytes);
        int length = 0;
        for (; value >= 0x80; value >>= 7) span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        output.Advance(length);
    }

    /// <summary>Small magnitudes of either sign are short: zigzag.</summary>
    public void Signed(long value) => Number((ulong)(value << 1) ^ (ulong)(value >> 63));

    /// <summary>A text that is UTF-8 already.</summary>
    public void Bytes(ReadOnlySpan<byte> utf8)
    {
        Number((uint)utf8.Length);
        output.Write(utf8);
    }

    /// <exception cref="RejectionException">The text holds half a surrogate pair, which UTF-8 can't say.</exception>
    public void Text(string value)
    {
        try
        {
            int length = Utf8.GetByteCount(value);
            Number((uint)length);
            Utf8.GetBytes(value, output.GetSpan(length));
            output.Advance(length);
        }
        catch (EncoderFallbackException)
        {
            throw Rejection.Invalid("INVALID_TEXT", "a text holds half a surrogate pair: it is not valid Unicode");
        }
    }
}
