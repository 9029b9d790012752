using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AuthzGraph.Perf.Storage;

/// <summary>A preallocated file, gone afterwards: what the disk takes for an append and a sync when nobody does more.</summary>
internal sealed class RawFile : IDisposable
{
    private const int Length = 64 << 20;

    private readonly byte[] _record = new byte[160];
    private readonly SafeFileHandle _file;
    private long _at;

    public RawFile(string folder)
    {
        _file = File.OpenHandle(Path.Combine(folder, "raw"), FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        byte[] zeros = new byte[1 << 20];
        for (long at = 0; at < Length; at += zeros.Length) RandomAccess.Write(_file, zeros, at);
        RandomAccess.FlushToDisk(_file);
    }

    /// <summary>How long one takes, in milliseconds.</summary>
    public double AppendOne()
    {
        long start = Stopwatch.GetTimestamp();
        RandomAccess.Write(_file, _record, _at);
        if (fdatasync(_file) != 0) throw new IOException("fdatasync failed");
        _at = (_at + _record.Length) % (Length - _record.Length);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public void Dispose() => _file.Dispose();

    [DllImport("libc", SetLastError = true)]
    private static extern int fdatasync(SafeFileHandle file);
}
