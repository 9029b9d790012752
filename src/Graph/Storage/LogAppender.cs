using System.Buffers;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>Turns transactions into chained records and puts them into FASTER's buffer. One append at a time.</summary>
internal sealed class LogAppender(
    LogBuffer log, DurableProgress durable, LogShape shape, StoreIdentity identity, LogPosition tail, LogPlaces places) : IDisposable
{
    private const int KeptBodyBytes = 1 << 20;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly byte[] _record = new byte[shape.RecordBytes];
    private ArrayBufferWriter<byte> _body = new();
    private LogPosition _tail = tail;
    private long _tailAddress = tail.Address;
    private bool _marked;

    /// <summary>Behind the last record that was put in.</summary>
    public long TailAddress => Volatile.Read(ref _tailAddress);

    /// <summary>Starts this process life: every later record is told from those of other lives.</summary>
    public void AppendEpoch(uint epoch)
    {
        Invariant.That(epoch != 0 && epoch != _tail.Epoch);
        _tail = _tail with { Epoch = epoch };
        RecordPayload.WriteEpoch(Payload(RecordPayload.EpochBytes), identity.Store);
        Put(RecordKind.Epoch, RecordPayload.EpochBytes);
    }

    /// <summary>
    /// Writes down that everything so far is durable, if it is and no record says so yet. Does nothing while an append is
    /// under way.
    /// </summary>
    /// <returns>Whether there is a new record to commit.</returns>
    public bool TryAppendMark()
    {
        if (!_turn.Wait(0)) return false;
        try
        {
            if (_marked || durable.Position < TailAddress || durable.Failure is not null) return false;
            Put(RecordKind.Mark, payloadBytes: 0);
            _marked = true;
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Puts a transaction in, and returns the address that has to be durable for it to be.</summary>
    /// <param name="signal">Called after every record: there is something to commit.</param>
    public async ValueTask<long> AppendAsync(LogTransaction transaction, Action signal, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            durable.ThrowIfFailed();
            Invariant.That(transaction.Revision == _tail.Revision.Next);
            Invariant.That(transaction.CommittedAt > _tail.CommittedAt);
            ReadOnlyMemory<byte> body = Encode(transaction);
            await RoomAsync().AsTask().WaitAsync(cancellation).ConfigureAwait(false);
            await PutAllAsync(transaction, body, signal).ConfigureAwait(false);
            _tail = _tail with { Revision = transaction.Revision, CommittedAt = transaction.CommittedAt };
            _marked = false;
            places.Add(_tail);
            return TailAddress;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>
    /// From its first record on a transaction can't be called off: half of one would become part of the next. So any
    /// trouble stops the log.
    /// </summary>
    private async ValueTask PutAllAsync(LogTransaction transaction, ReadOnlyMemory<byte> rest, Action signal)
    {
        try
        {
            while (rest.Length > shape.CommitPayloadBytes)
            {
                int length = Math.Min(rest.Length, shape.PartPayloadBytes);
                rest.Span[..length].CopyTo(Payload(length));
                await PutAsync(RecordKind.Part, transaction.Revision, length, signal).ConfigureAwait(false);
                rest = rest[length..];
            }
            RecordPayload.WriteCommit(Payload(RecordPayload.InstantBytes + rest.Length), transaction.CommittedAt, rest.Span);
            await PutAsync(RecordKind.Commit, transaction.Revision, RecordPayload.InstantBytes + rest.Length, signal).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            durable.Fail(e);
            durable.ThrowIfFailed();
        }
    }

    private ReadOnlyMemory<byte> Encode(LogTransaction transaction)
    {
        if (_body.Capacity > KeptBodyBytes) _body = new ArrayBufferWriter<byte>();
        _body.ResetWrittenCount();
        TransactionCodec.Encode(transaction, _body);
        return _body.WrittenMemory;
    }

    private Span<byte> Payload(int length) => _record.AsSpan(RecordFrame.HeaderBytes, length);

    /// <summary>Waits until the longest record fits into what may be in flight.</summary>
    private ValueTask RoomAsync()
    {
        durable.ThrowIfFailed();
        return durable.WaitAsync(TailAddress + shape.RecordBytes - shape.InFlightBytes);
    }

    private async ValueTask PutAsync(RecordKind kind, Revision revision, int payloadBytes, Action signal)
    {
        await RoomAsync().ConfigureAwait(false);
        while (!TryPut(kind, revision, payloadBytes))
        {
            durable.ThrowIfFailed();
            await Task.Yield();
        }
        signal();
    }

    /// <summary>Puts a record in that is no transaction's.</summary>
    private void Put(RecordKind kind, int payloadBytes)
    {
        while (!TryPut(kind, _tail.Revision, payloadBytes))
        {
            durable.ThrowIfFailed();
            Thread.Yield();
        }
    }

    private bool TryPut(RecordKind kind, Revision revision, int payloadBytes)
    {
        Span<byte> record = _record.AsSpan(0, RecordFrame.HeaderBytes + payloadBytes);
        uint checksum = RecordFrame.Seal(record, new RecordHeader(kind, _tail.Epoch, identity.Timeline, revision, _tail.Chain, durable.Position));
        if (!log.TryEnqueue(record, out long address)) return false;
        _tail = _tail with { Address = address + LogScan.Occupied(record.Length), Chain = checksum };
        Volatile.Write(ref _tailAddress, _tail.Address);
        return true;
    }
}
