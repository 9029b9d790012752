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
    private readonly Lock _gate = new();
    private readonly List<SafeFileHandle> _files = [];

    /// <exception cref="StoreFailedException">A file is missing between others, or is not as long as it was made.</exception>
    public SegmentFiles(string directory, long segmentBytes)
    {
        (_directory, _segmentBytes) = (directory, segmentBytes);
        foreach (string unfinished in Directory.EnumerateFiles(directory, $"{Prefix}*{StableStorage.UnfinishedSuffix}"))
            File.Delete(unfinished);
        int count = AnyIn(directory) ? Numbers(directory).Max() + 1 : 0;
        for (int segment = 0; segment < count; segment++) _files.Add(OpenExisting(segment));
    }

    public int Count
    {
        get { lock (_gate) return _files.Count; }
    }

    public static bool AnyIn(string directory) => Numbers(directory).Any();

    public string PathOf(int segment) => Path.Combine(_directory, Prefix + segment.ToString(CultureInfo.InvariantCulture));

    public void Write(int segment, long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(GetOrCreate(segment), bytes, offset);

    public void Sync(int segment) => StableStorage.Sync(GetOrCreate(segment));

    /// <summary>Reads what is there; what was never written is zero.</summary>
    public void Read(int segment, long offset, Span<byte> destination)
    {
        SafeFileHandle? file;
        lock (_gate) file = segment < _files.Count ? _files[segment] : null;
        int read = file is null ? 0 : RandomAccess.Read(file, destination, offset);
        destination[read..].Clear();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (SafeFileHandle file in _files) file.Dispose();
            _files.Clear();
        }
    }

    private static IEnumerable<int> Numbers(string directory)
    {
        foreach (string path in Directory.EnumerateFiles(directory, Prefix + "*"))
            if (int.TryParse(Path.GetFileName(path.AsSpan())[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                yield return number;
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
        {
            while (_files.Count <= segment)
            {
                string path = PathOf(_files.Count);
                StableStorage.CreateFile(path, FillWithZeros);
                _files.Add(OpenExisting(_files.Count));
            }
            return _files[segment];
        }
    }

    private void FillWithZeros(SafeFileHandle file)
    {
        byte[] zeros = new byte[Math.Min(ZeroBytes, _segmentBytes)];
        for (long offset = 0; offset < _segmentBytes; offset += zeros.Length) RandomAccess.Write(file, zeros, offset);
    }
}
