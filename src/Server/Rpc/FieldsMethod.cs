using System.Buffers;
using AuthzGraph.Rpc;
using Google.Protobuf.Reflection;

namespace AuthzGraph.Server.Rpc;

/// <summary>Answers a unary call at once, from the fields of its request to those of its answer: for calls so many that objects for their messages would cost most.</summary>
/// <exception cref="InvalidDataException">The request is no such message.</exception>
internal delegate void FieldsHandler(ReadOnlySpan<byte> request, FieldWriter answer, RpcCall call);

/// <summary>A method with such a handler, and what it declares to take and to give.</summary>
internal sealed class FieldsMethod(MessageDescriptor request, MessageDescriptor response, FieldsHandler handler)
{
    private const int MostBytesKept = 1 << 20;

    // of a thread: a handler answers at once, so no two of its calls meet there
    private readonly ThreadLocal<Room> _rooms = new(static () => new Room());

    public MessageDescriptor Request => request;

    public MessageDescriptor Response => response;

    /// <summary>Runs the handler and gives <paramref name="take"/> its answer, which is good for as long as that runs.</summary>
    public void Answer<T>(in ReadOnlySequence<byte> payload, RpcCall call, T exchange, Action<T, ReadOnlySpan<byte>> take)
    {
        Room room = _rooms.Value ??= new Room();
        try
        {
            handler(payload.IsSingleSegment ? payload.FirstSpan : room.Joined(payload), room.Answer, call);
            take(exchange, room.Answer.Written);
        }
        finally
        {
            room.Answer.Clear();
            if (!room.IsWorthKeeping) _rooms.Value = new Room();
        }
    }

    /// <summary>What one call needs while it is answered.</summary>
    private sealed class Room
    {
        private byte[] _request = [];

        public FieldWriter Answer { get; } = new();

        public bool IsWorthKeeping => _request.Length <= MostBytesKept && Answer.Capacity <= MostBytesKept;

        public ReadOnlySpan<byte> Joined(in ReadOnlySequence<byte> payload)
        {
            int length = (int)payload.Length;
            if (_request.Length < length) _request = new byte[Math.Max(length, _request.Length * 2)];
            payload.CopyTo(_request);
            return _request.AsSpan(0, length);
        }
    }
}
