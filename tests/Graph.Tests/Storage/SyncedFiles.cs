using AuthzGraph.Graph.Storage;
using Microsoft.Win32.SafeHandles;

namespace AuthzGraph.Graph.Tests.Storage;

/// <summary>
/// A real directory, and beside it what a loss of power would leave of it on the least helpful disk: of each file the bytes it had when it
/// was last synced, and only the names that were there when the directory was last synced.
/// </summary>
internal sealed class SyncedFiles(string directory) : IStableStorage
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _synced = [];    // under the name a file has or is about to get
    private Dictionary<string, byte[]> _left = [];
    private int _syncsLeft = int.MaxValue;

    /// <summary>How many syncs of the log were asked for behind the one that failed.</summary>
    public int AskedAgain { get; private set; }

    /// <summary>Lets one sync of the log fail behind so many that do not. Later ones would work again.</summary>
    public void FailSyncOfLogAfter(int syncs) => _syncsLeft = syncs;

    public void Sync(SafeFileHandle file, string path)
    {
        bool isUnfinished = path.EndsWith(StableStorage.UnfinishedSuffix, StringComparison.Ordinal);
        if (!isUnfinished && Path.GetFileName(path).StartsWith("log.", StringComparison.Ordinal)) CountSync();
        byte[] bytes = Read(file);
        StableStorage.Disk.Sync(file, path);
        string name = Path.GetFileName(isUnfinished ? path[..^StableStorage.UnfinishedSuffix.Length] : path);
        lock (_gate)
        {
            _synced[name] = bytes;
            if (_left.ContainsKey(name)) _left[name] = bytes;
        }
    }

    public void SyncDirectoryOf(string path)
    {
        string[] names = [.. Directory.EnumerateFiles(directory).Select(file => Path.GetFileName(file))];
        StableStorage.Disk.SyncDirectoryOf(path);
        lock (_gate)
            _left = names.Where(name => name != "lock" && !name.EndsWith(StableStorage.UnfinishedSuffix, StringComparison.Ordinal))
                .ToDictionary(name => name, name => _synced.GetValueOrDefault(name, []));
    }

    /// <summary>What is left if the power goes now.</summary>
    public Dictionary<string, byte[]> LosePower()
    {
        lock (_gate) return new Dictionary<string, byte[]>(_left);
    }

    private void CountSync()
    {
        if (_syncsLeft < 0) AskedAgain++;
        else if (_syncsLeft-- == 0)
        {
            Thread.Sleep(20);       // so that there are writes behind this one
            throw new IOException("the disk is tired");
        }
    }

    private static byte[] Read(SafeFileHandle file)
    {
        byte[] bytes = new byte[RandomAccess.GetLength(file)];
        int read = RandomAccess.Read(file, bytes, 0);
        return bytes[..read];
    }
}
