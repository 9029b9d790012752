using System.Text;

namespace AuthzGraph.Graph.Storage;

/// <summary>Reads what <see cref="PayloadWriter"/> wrote. Bytes that end too soon or say nothing are a failure of the store.</summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = payload;

    public readonly int Remaining => _rest.Length;

    public byte Byte() => Take(1)[0];

    public ulong Number()
    {
        if (!_rest.IsEmpty && _rest[0] < 0x80) return Take(1)[0];
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte b = Byte();
            if (shift == 63 && b > 1) break;
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
        throw Malformed("a number has more than 64 bits");
    }

    public uint Number32()
    {
        ulong value = Number();
        return value <= uint.MaxValue ? (uint)value : throw Malformed($"{value} has more than 32 bits");
    }

    public long Signed()
    {
        ulong value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A text's UTF-8, unchecked.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        ulong length = Number();
        if (length > (ulong)_rest.Length) throw Malformed($"a text of {length} bytes is cut off");
        return Take((int)length);
    }

    public string Text()
    {
        ReadOnlySpan<byte> bytes = Bytes();
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("a text is not UTF-8");
        }
    }

    public static StoreFailedException Malformed(string why) => new($"the log holds a transaction that can't be read: {why}");

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length) throw Malformed("it ends too soon");
        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
