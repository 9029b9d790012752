using System.Runtime.InteropServices;
using AuthzGraph.Graph.Storage;
using FASTER.core;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>The log's device on a <see cref="SimulatedDisk"/>: writes complete later and in any order.</summary>
/// <param name="announcesFailure">Whether it tells of a failure itself, or leaves that to FASTER.</param>
internal sealed class SimulatedDevice(SimulatedDisk disk, LogShape shape, bool announcesFailure)
    : StorageDeviceBase("simulated", 512, Devices.CAPACITY_UNSPECIFIED), ILogDevice
{
    public const string File = "log";

    private int _first;
    private int _announced;
    private int _underWay;

    public Action<Exception>? OnFailure { get; set; }

    public long End => (disk.Length(File) + shape.SegmentBytes - 1) / shape.SegmentBytes * shape.SegmentBytes;

    public void Read(long address, Span<byte> destination)
    {
        disk.ExpectRead();
        disk.Read(File, address, destination);
    }

    public void Harden(long from, long to) { }

    public void RemoveBefore(long address)
    {
        int end = shape.SegmentOf(address);
        for (int segment = _first; segment < end; segment++) disk.Remove(File, segment * shape.SegmentBytes, shape.SegmentBytes);
        _first = Math.Max(_first, end);
    }

    public override void WriteAsync(nint source, int segment, ulong offset, uint length, DeviceIOCompletionCallback callback, object context)
    {
        Interlocked.Increment(ref _underWay);
        disk.Begin(new SimulatedWrite(File, segment * shape.SegmentBytes + (long)offset, (int)length, Bytes, true,
            durable => callback(durable ? 0u : 5u, durable ? length : 0, context)));

        byte[] Bytes()
        {
            byte[] bytes = new byte[length];
            Marshal.Copy(source, bytes, 0, bytes.Length);
            return bytes;
        }
    }

    public override void ReadAsync(int segment, ulong offset, nint destination, uint length, DeviceIOCompletionCallback callback, object context)
    {
        byte[] bytes = new byte[length];
        uint error = 0;
        try
        {
            Read(segment * shape.SegmentBytes + (long)offset, bytes);
            Marshal.Copy(bytes, 0, destination, bytes.Length);
        }
        catch (IOException)
        {
            error = 5;
        }
        ThreadPool.UnsafeQueueUserWorkItem(_ => callback(error, error == 0 ? length : 0, context), null);
    }

    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result) => throw new NotSupportedException();

    public void WriteQueued()
    {
        while (Volatile.Read(ref _underWay) > 0) CompleteOne();
    }

    public override void Dispose() => WriteQueued();

    private void CompleteOne()
    {
        if (disk.Complete() is not { } completed) return;
        if (!completed.Durable && announcesFailure && Interlocked.Exchange(ref _announced, 1) == 0)
            OnFailure?.Invoke(new IOException("simulated failure"));
        completed.Write.Done(completed.Durable);
        Interlocked.Decrement(ref _underWay);
    }
}
