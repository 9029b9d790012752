namespace AuthzGraph.Rpc;

/// <summary>
/// The fields of one protobuf message where they lie, one after the other: for messages that come too often to make objects of them.
/// <code>
///   | number &lt;&lt; 3 | wire type | value …
/// </code>
/// </summary>
public ref struct FieldReader(ReadOnlySpan<byte> message)
{
    // the wire types, as the lowest bits of a tag
    public const uint Varint = 0;
    public const uint Fixed64 = 1;
    public const uint Length = 2;
    public const uint Fixed32 = 5;

    private const int TypeBits = 3;
    private const int MostVarintBytes = 10;

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Number and wire type of the field at hand: <c>2 &lt;&lt; 3 | Length</c>.</summary>
    public uint Tag { get; private set; }

    /// <summary>The content of a field that has a length: a text in UTF-8, bytes, a message.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>The value of a field that is a varint.</summary>
    public ulong Number { get; private set; }

    /// <summary>Goes on to the next field.</summary>
    /// <exception cref="InvalidDataException">It is no such message.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        Tag = (uint)ReadVarint();       // of tags and lengths only 32 bits count, in all of protobuf's readers
        if (Tag < 1 << TypeBits) throw Malformed("a field has no number");
        switch (Tag & ((1 << TypeBits) - 1))
        {
            case Varint: Number = ReadVarint(); break;
            case Length: Content = Take((uint)ReadVarint()); break;
            case Fixed64: Take(sizeof(ulong)); break;
            case Fixed32: Take(sizeof(uint)); break;
            default: throw Malformed("a field is of a wire type that proto3 has not");
        }
        return true;
    }

    private ulong ReadVarint()
    {
        if (!_rest.IsEmpty && _rest[0] < 0x80)
        {
            byte only = _rest[0];
            _rest = _rest[1..];
            return only;
        }
        ulong value = 0;
        for (int i = 0; i < MostVarintBytes; i++)
        {
            if (i == _rest.Length) throw Malformed("it ends within a field");
            byte next = _rest[i];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next >= 0x80) continue;
            _rest = _rest[(i + 1)..];
            return value;
        }
        throw Malformed("a number is too long");
    }

    private ReadOnlySpan<byte> Take(uint length)
    {
        if (length > (uint)_rest.Length) throw Malformed("it ends within a field");
        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private static InvalidDataException Malformed(string why) => new(why);
}
