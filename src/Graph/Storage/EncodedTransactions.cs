using System.Buffers;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// Transactions as bytes, one behind the other in arrays that grow until the garbage collector does not move them. An array goes when nothing in
/// it is kept any more. For one thread.
/// </summary>
internal sealed class EncodedTransactions
{
    private const int FirstArrayBytes = 2 << 10;
    private const int ArrayBytes = 256 << 10;

    private readonly ArrayBufferWriter<byte> _room = new();
    private Memory<byte> _free;
    private int _arrayBytes = FirstArrayBytes;

    public EncodedTransaction Add(LogTransaction transaction)
    {
        _room.ResetWrittenCount();
        TransactionCodec.Encode(transaction, _room);
        int length = _room.WrittenCount;
        if (_free.Length < length)
        {
            _free = new byte[Math.Max(_arrayBytes, length)];
            _arrayBytes = Math.Min(_arrayBytes * 2, ArrayBytes);
        }
        Memory<byte> bytes = _free[..length];
        _room.WrittenSpan.CopyTo(bytes.Span);
        _free = _free[length..];
        return new EncodedTransaction(bytes);
    }
}

/// <summary>One of them.</summary>
internal readonly record struct EncodedTransaction(ReadOnlyMemory<byte> Bytes)
{
    public LogTransaction Read(Revision revision, Instant committedAt) => TransactionCodec.Decode(revision, committedAt, Bytes.Span);
}
