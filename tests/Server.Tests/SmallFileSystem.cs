using System.Diagnostics;

namespace AuthzGraph.Server.Tests;

/// <summary>A real file system of its own, of a few MiB, so that it can be filled. Only root can make one.</summary>
internal sealed class SmallFileSystem : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private SmallFileSystem() { }

    public string Path => _directory.Path;

    /// <summary>Null where this process may not mount.</summary>
    public static SmallFileSystem? TryMake(int mebibytes)
    {
        var made = new SmallFileSystem();
        if (Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", made.Path)) return made;
        made._directory.Dispose();
        return null;
    }

    public void Resize(int mebibytes)
    {
        if (!Run("mount", "-o", $"remount,size={mebibytes}m", Path)) throw new InvalidOperationException($"{Path} can't be resized");
    }

    public void Dispose()
    {
        Run("umount", Path);
        _directory.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true }) ?? throw new InvalidOperationException("no process");
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
