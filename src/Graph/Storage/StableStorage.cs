using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AuthzGraph.Graph.Storage;

/// <summary>The few calls after which bytes survive a power cut. Each throws the system's own reason when it fails.</summary>
internal sealed class StableStorage : IStableStorage
{
    public static readonly StableStorage Disk = new();

    public const string UnfinishedSuffix = ".new";

    private const int OpenReadOnly = 0;
    private const int Interrupted = 4;
    private const int NotImplemented = 38;
    private const int AdviseDontNeed = 4;
    private const uint WriteAndWait = 1 | 2 | 4;

    private StableStorage() { }

    public void Sync(SafeFileHandle file, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }
        while (fdatasync(file) != 0)
            if (Marshal.GetLastPInvokeError() != Interrupted) throw LastError($"fdatasync of {path}");
    }

    /// <summary>Makes a file that is there whole, under its name, or not at all.</summary>
    public static void CreateFile(IStableStorage stable, string path, Action<SafeFileHandle> fill)
    {
        string unfinished = path + UnfinishedSuffix;
        using (SafeFileHandle file = File.OpenHandle(unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            fill(file);
            stable.Sync(file, unfinished);
        }
        File.Move(unfinished, path, overwrite: false);
        stable.SyncDirectoryOf(path);
    }

    /// <summary>Asks the system to read the file from the disk again; it need not.</summary>
    public static void ForgetCached(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux()) _ = posix_fadvise(file, 0, 0, AdviseDontNeed);
    }

    /// <summary>
    /// Has a range written and waits for that, if the system can. It is not durable by that, but a later sync finds less to do, and the syncs of
    /// other files do not queue behind all of it.
    /// </summary>
    /// <remarks>What fails here a later sync need not tell of again.</remarks>
    public static void WriteOut(SafeFileHandle file, long offset, long length, string path)
    {
        if (!OperatingSystem.IsLinux() || sync_file_range(file, offset, length, WriteAndWait) == 0) return;
        if (Marshal.GetLastPInvokeError() is not (Interrupted or NotImplemented)) throw LastError($"sync_file_range of {path}");
    }

    public void SyncDirectoryOf(string path)
    {
        if (OperatingSystem.IsWindows()) return;   // NTFS journals its directories and has no call for it
        string directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        int descriptor = open(directory, OpenReadOnly);
        if (descriptor < 0) throw LastError($"open of {directory}");
        try
        {
            if (fsync(descriptor) != 0) throw LastError($"fsync of {directory}");
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    private static IOException LastError(string what)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{what} failed: {new Win32Exception(error).Message} (errno {error})", error);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int fdatasync(SafeFileHandle file);

    [DllImport("libc", SetLastError = true)]
    private static extern int sync_file_range(SafeFileHandle file, long offset, long length, uint flags);

    [DllImport("libc")]
    private static extern int posix_fadvise(SafeFileHandle file, long offset, long length, int advice);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc")]
    private static extern int close(int descriptor);
}
