using System.Text;
using Google.Protobuf;

namespace AuthzGraph.Rpc;

/// <summary>
/// Writes the fields of one protobuf message one after the other: for messages that go too often to make objects of them. What protobuf leaves out, a 0
/// and an empty text, is left out. Kept and used again.
/// </summary>
public sealed class FieldWriter
{
    private const int FirstBytes = 256;
    private const int MostVarintBytes = 10;
    private const int LargestOneByteLength = 0x7F;
    private const int MostUtf8BytesPerChar = 3;

    private byte[] _bytes = new byte[FirstBytes];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>How many bytes it keeps for the next message.</summary>
    public int Capacity => _bytes.Length;

    public void Clear() => _length = 0;

    /// <summary>A number, an enum, a boolean.</summary>
    public void Number(int field, ulong value)
    {
        if (value == 0) return;
        Tag(field, FieldReader.Varint);
        Varint(value);
    }

    public void Text(int field, string value)
    {
        if (value.Length == 0) return;
        int begun = Begin(field);
        Reserve(value.Length * MostUtf8BytesPerChar);
        _length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_length));
        End(begun);
    }

    /// <summary>A message as generated code has it; null: it is left out.</summary>
    public void Message(int field, IMessage? value)
    {
        if (value is null) return;
        int begun = Begin(field), size = value.CalculateSize();
        Reserve(size);
        value.WriteTo(_bytes.AsSpan(_length, size));
        _length += size;
        End(begun);
    }

    /// <summary>Begins a message within this one; what is written until <see cref="End"/> is its fields.</summary>
    public int Begin(int field)
    {
        Tag(field, FieldReader.Length);
        Reserve(1);
        return ++_length;
    }

    /// <param name="begun">What <see cref="Begin"/> returned.</param>
    public void End(int begun)
    {
        int length = _length - begun;
        if (length > LargestOneByteLength) MakeRoomForLength(begun, length);
        else _bytes[begun - 1] = (byte)length;
    }

    // the one byte that was kept for the length is not enough: the content moves on by as many as are missing
    private void MakeRoomForLength(int begun, int length)
    {
        int more = 0;
        for (int rest = length >> 7; rest > 0; rest >>= 7) more++;
        Reserve(more);
        _bytes.AsSpan(begun, length).CopyTo(_bytes.AsSpan(begun + more));
        _length = begun - 1;
        Varint((ulong)length);
        _length += length;
    }

    private void Tag(int field, uint type) => Varint((uint)field << 3 | type);

    private void Varint(ulong value)
    {
        Reserve(MostVarintBytes);
        for (; value > LargestOneByteLength; value >>= 7) _bytes[_length++] = (byte)(value | 0x80);
        _bytes[_length++] = (byte)value;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _length < count) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
    }
}
