using Microsoft.Win32.SafeHandles;

namespace AuthzGraph.Graph.Storage.Offline;

/// <summary>The segments of a log to read from, whoever else has them open. What is not there reads as zero.</summary>
internal sealed class SegmentPages : ILogPages, IDisposable
{
    private readonly LogShape _shape;
    private readonly Dictionary<int, SafeFileHandle> _files = [];

    /// <param name="first">The first that is needed.</param>
    public SegmentPages(string directory, LogShape shape, int first)
    {
        _shape = shape;
        int[] numbers = [.. SegmentFiles.Numbers(directory).Where(number => number >= first).Order()];
        Last = numbers.Length == 0 ? first - 1 : numbers[^1];
        foreach (int number in numbers)
            _files.Add(number, File.OpenHandle(
                Path.Combine(directory, SegmentFiles.NameOf(number)), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
    }

    /// <summary>The greatest number there is; one less than the first when there is none.</summary>
    public int Last { get; }

    /// <summary>How many there are.</summary>
    public int Count => _files.Count;

    /// <summary>How long they are together.</summary>
    public long Bytes => _files.Values.Sum(RandomAccess.GetLength);

    public long End => (Last + 1L) * _shape.SegmentBytes;

    /// <summary>How long a segment is; null if it is not there.</summary>
    public long? LengthOf(int segment) => _files.TryGetValue(segment, out SafeFileHandle? file) ? RandomAccess.GetLength(file) : null;

    public void Read(long address, Span<byte> destination)
    {
        int read = 0;
        if (_files.TryGetValue(_shape.SegmentOf(address), out SafeFileHandle? file))
            for (int more = 1; more > 0 && read < destination.Length; read += more)
                more = RandomAccess.Read(file, destination[read..], _shape.OffsetInSegment(address) + read);
        destination[read..].Clear();
    }

    public void Dispose()
    {
        foreach (SafeFileHandle file in _files.Values) file.Dispose();
    }
}
