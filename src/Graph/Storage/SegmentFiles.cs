using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// The segments of a log as files <c>log.0</c>, <c>log.1</c>, …, filled with zeros before they take their name, so that a
/// write never changes a file's length or allocation and one fdatasync makes it durable.
/// </summary>
internal sealed class SegmentFiles : IDisposable
{
    private const string Prefix = "log.";
    private const int ZeroBytes = 1 << 20;

    private readonly string _directory;
    private readonly long _segmentBytes;
    private readonly IStableStorage _stable;
    private readonly Lock _gate = new();
    private readonly Lock _making = new();
    private readonly Dictionary<int, SafeFileHandle> _files = [];
    private int _first;
    private int _count;
    private Task _preparing = Task.CompletedTask;
    private bool _disposed;

    /// <param name="first">The first segment that is still needed; files before it are left over from a truncation, and go.</param>
    /// <exception cref="StoreFailedException">A file is missing between others, or is not as long as it was made.</exception>
    public SegmentFiles(string directory, long segmentBytes, int first, IStableStorage stable)
    {
        (_directory, _segmentBytes, _first, _count, _stable) = (directory, segmentBytes, first, first, stable);
        foreach (string unfinished in Directory.EnumerateFiles(directory, $"{Prefix}*{StableStorage.UnfinishedSuffix}"))
            File.Delete(unfinished);
        foreach (int dropped in Numbers(directory).Where(number => number < first)) File.Delete(PathOf(dropped));
        int end = Numbers(directory).Append(first - 1).Max() + 1;
        for (; _count < end; _count++) _files.Add(_count, OpenExisting(_count));
    }

    /// <summary>One more than the last segment.</summary>
    public int Count
    {
        get { lock (_gate) return _count; }
    }

    public static bool AnyIn(string directory) => Numbers(directory).Any();

    public static string NameOf(int segment) => Prefix + segment.ToString(CultureInfo.InvariantCulture);

    /// <summary>The numbers of the segments that are there, in any order.</summary>
    public static IEnumerable<int> Numbers(string directory)
    {
        foreach (string path in Directory.EnumerateFiles(directory, Prefix + "*"))
            if (int.TryParse(Path.GetFileName(path.AsSpan())[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                yield return number;
    }

    public string PathOf(int segment) => Path.Combine(_directory, NameOf(segment));

    public void Write(int segment, long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(GetOrCreate(segment), bytes, offset);

    public void Sync(int segment) => _stable.Sync(GetOrCreate(segment), PathOf(segment));

    /// <summary>Reads what is there; what was never written is zero.</summary>
    public void Read(int segment, long offset, Span<byte> destination)
    {
        SafeFileHandle? file;
        lock (_gate)
        {
            if (segment < _first) throw new StoreFailedException($"the log no longer reaches back to {PathOf(segment)}");
            file = _files.GetValueOrDefault(segment);
        }
        int read = file is null ? 0 : RandomAccess.Read(file, destination, offset);
        destination[read..].Clear();
    }

    /// <summary>Makes the segment behind the last one in the background, so that nobody has to wait for it to be filled with zeros.</summary>
    public void PrepareNext()
    {
        lock (_gate)
        {
            int next = _count;
            if (_preparing.IsCompleted && !_disposed) _preparing = OwnThread.RunAsync(() => Prepare(next));
        }
    }

    /// <summary>Removes the segments before <paramref name="first"/>. Whoever reads them is told that they are gone.</summary>
    public void RemoveBefore(int first)
    {
        List<int> removed = [];
        lock (_gate)
        {
            for (; _first < first; _first++)
            {
                if (_files.Remove(_first, out SafeFileHandle? file)) file.Dispose();
                removed.Add(_first);
            }
        }
        foreach (int segment in removed) File.Delete(PathOf(segment));
        if (removed.Count > 0) _stable.SyncDirectoryOf(PathOf(first));
    }

    public void Dispose()
    {
        lock (_gate) _disposed = true;
        _preparing.Wait();
        lock (_gate)
        {
            foreach (SafeFileHandle file in _files.Values) file.Dispose();
            _files.Clear();
        }
    }

    private SafeFileHandle OpenExisting(int segment)
    {
        string path = PathOf(segment);
        if (!File.Exists(path)) throw new StoreFailedException($"the log's file {path} is missing; restore the store from a backup");
        SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        long length = RandomAccess.GetLength(file);
        if (length == _segmentBytes) return file;
        file.Dispose();
        throw new StoreFailedException(
            $"the log's file {path} has {length} bytes where it was made with {_segmentBytes}; restore the store from a backup");
    }

    private SafeFileHandle GetOrCreate(int segment)
    {
        lock (_gate)
            if (_files.TryGetValue(segment, out SafeFileHandle? there)) return there;
        while (Count <= segment) Make(Count);
        lock (_gate) return _files[segment];
    }

    /// <summary>A failure here is nobody's yet: whoever needs the segment tries again, and then it counts.</summary>
    private void Prepare(int segment)
    {
        try
        {
            Make(segment);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private void Make(int segment)
    {
        lock (_making)
        {
            if (Count != segment) return;
            StableStorage.CreateFile(_stable, PathOf(segment), FillWithZeros);
            SafeFileHandle file = OpenExisting(segment);
            lock (_gate)
            {
                _files.Add(segment, file);
                _count++;
            }
        }
    }

    private void FillWithZeros(SafeFileHandle file)
    {
        byte[] zeros = new byte[Math.Min(ZeroBytes, _segmentBytes)];
        for (long offset = 0; offset < _segmentBytes; offset += zeros.Length) RandomAccess.Write(file, zeros, offset);
    }
}
