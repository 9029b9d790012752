using System.Collections.Concurrent;
using FASTER.core;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// The disk under FASTER: a callback says "done" only after an fdatasync that came after the write. Whatever queued up before it is
/// told to write shares a sync. After the first failed write or sync every later one fails too: nobody knows what a second sync would mean once a first has failed.
/// </summary>
internal sealed unsafe class DurableDevice : StorageDeviceBase, ILogDevice
{
    public const int SectorBytes = 512;
    private const uint InputOutputError = 5;
    private const int WritesPerSync = 256;

    private readonly SegmentFiles _files;
    private readonly LogShape _shape;
    private readonly ConcurrentQueue<PendingWrite> _queue = [];
    private readonly List<PendingWrite> _batch = new(WritesPerSync);
    private bool _failed;
    private volatile bool _isClosed;

    /// <param name="begin">Where the log begins.</param>
    public DurableDevice(string directory, LogShape shape, long begin, IStableStorage stable) : base(directory, SectorBytes, Devices.CAPACITY_UNSPECIFIED)
    {
        _shape = shape;
        _files = new SegmentFiles(directory, shape.SegmentBytes, shape.SegmentOf(begin), stable);
    }

    public Action<Exception>? OnFailure { get; set; }

    public long End => _files.Count * _shape.SegmentBytes;

    public void Read(long address, Span<byte> destination) =>
        _files.Read(_shape.SegmentOf(address), _shape.OffsetInSegment(address), destination);

    public void Harden(long from, long to)
    {
        if (from >= to) return;
        byte[] bytes = new byte[_shape.PageBytes];
        long end = (to + SectorBytes - 1) & ~(SectorBytes - 1L);
        for (long start = from & ~(SectorBytes - 1L); start < end; start = _shape.NextPage(start))
        {
            Span<byte> rest = bytes.AsSpan(0, (int)(Math.Min(end, _shape.NextPage(start)) - start));
            Read(start, rest);
            _files.Write(_shape.SegmentOf(start), _shape.OffsetInSegment(start), rest);
        }
        for (int segment = _shape.SegmentOf(from); segment <= _shape.SegmentOf(to - 1); segment++) _files.Sync(segment);
    }

    public void RemoveBefore(long address) => _files.RemoveBefore(_shape.SegmentOf(address));

    public override void WriteAsync(nint source, int segment, ulong offset, uint length, DeviceIOCompletionCallback callback, object context)
    {
        if (_isClosed) callback(InputOutputError, 0, context);
        else _queue.Enqueue(new PendingWrite(source, segment, (long)offset, length, callback, context));
    }

    public override void ReadAsync(int segment, ulong offset, nint destination, uint length, DeviceIOCompletionCallback callback, object context) =>
        ThreadPool.UnsafeQueueUserWorkItem(_ => ReadNow(segment, (long)offset, destination, length, callback, context), null);

    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result) =>
        throw new NotSupportedException("FASTER does not truncate the log: we do");

    public override long GetFileSize(int segment) => segment < _files.Count ? _shape.SegmentBytes : 0;

    public void WriteQueued()
    {
        while (_queue.TryDequeue(out PendingWrite first))
        {
            _batch.Add(first);
            while (_batch.Count < WritesPerSync && _queue.TryDequeue(out PendingWrite next)) _batch.Add(next);
            bool durable = !_failed && TryWrite(_batch);
            foreach (PendingWrite write in _batch) Complete(write, durable);
            _batch.Clear();
        }
    }

    public override void Dispose()
    {
        _isClosed = true;
        WriteQueued();
        _files.Dispose();
    }

    private bool TryWrite(List<PendingWrite> batch)
    {
        int segment = batch[0].Segment;
        try
        {
            foreach (PendingWrite write in batch)
            {
                if (write.Segment != segment) _files.Sync(segment);
                segment = write.Segment;
                _files.Write(segment, write.Offset, new ReadOnlySpan<byte>((void*)write.Source, (int)write.Length));
            }
            _files.Sync(segment);
            if (segment == _files.Count - 1 && batch[^1].Offset > _shape.SegmentBytes / 4) _files.PrepareNext();
            return true;
        }
        catch (Exception e)
        {
            Stop(new IOException($"writing {_files.PathOf(segment)} failed: {e.Message}", e));
            return false;
        }
    }

    /// <summary>FASTER's own code runs in the callback; what goes wrong there stops the log as a failed write does.</summary>
    private void Complete(in PendingWrite write, bool durable)
    {
        try
        {
            write.Callback(durable ? 0 : InputOutputError, durable ? write.Length : 0, write.Context);
        }
        catch (Exception e)
        {
            Stop(e);
        }
    }

    private void Stop(Exception reason)
    {
        _failed = true;
        OnFailure?.Invoke(reason);
    }

    private void ReadNow(int segment, long offset, nint destination, uint length, DeviceIOCompletionCallback callback, object context)
    {
        uint error = 0;
        try
        {
            _files.Read(segment, offset, new Span<byte>((void*)destination, (int)length));
        }
        catch (IOException)
        {
            error = InputOutputError;
        }
        callback(error, error == 0 ? length : 0, context);
    }

    private readonly record struct PendingWrite(
        nint Source, int Segment, long Offset, uint Length, DeviceIOCompletionCallback Callback, object Context);
}
