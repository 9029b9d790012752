using AuthzGraph.Graph.Copying;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Graph.Storage.Offline;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>Some bytes of a file of a copy.</summary>
/// <param name="File">Its name in the copy's directory.</param>
/// <param name="FileBytes">How long the file is; what no part holds is zero.</param>
/// <param name="Content">Good until the next part is asked for.</param>
public readonly record struct StorePart(string File, long FileBytes, long Offset, ReadOnlyMemory<byte> Content);

/// <summary>
/// A copy of a store as of one moment, to be read whenever. It holds its files open, so checkpoints and truncations that come
/// meanwhile take nothing from it; what is written meanwhile is not in it. Dispose of it in any case.
/// </summary>
public sealed class StoreBackup : IDisposable
{
    private const int PartBytes = 1 << 20;

    private readonly CopiedManifest _manifest;
    private readonly Instant _reserved;
    private readonly SegmentPages _pages;
    private readonly LogShape _shape;
    private readonly List<(string Name, ICheckpointInput Input)> _checkpoints = [];

    /// <param name="manifest">Of the copy: it says where the copy's log ends.</param>
    /// <param name="name">What the copy's manifest is called.</param>
    internal StoreBackup(string directory, Manifest manifest, Instant reserved, string name)
    {
        _shape = LogShape.Default.For(manifest);
        _pages = new SegmentPages(directory, _shape, _shape.SegmentOf(manifest.Begin.Address));
        try
        {
            CheckpointFiles files = new(directory, StableStorage.Disk);
            foreach (CheckpointMark mark in manifest.Checkpoints) _checkpoints.Add((files.NameOf(mark.Number), files.Open(mark.Number)));
        }
        catch
        {
            Dispose();
            throw;
        }
        (_manifest, _reserved) = (new CopiedManifest(manifest, name), reserved);
    }

    /// <summary>About how much there is to read.</summary>
    public long Bytes => _checkpoints.Sum(checkpoint => checkpoint.Input.Length) + _manifest.Manifest.DurableUpTo - FirstAddress;

    /// <summary>All of it, file by file, each from front to back; the one that makes it a copy comes last.</summary>
    /// <exception cref="IOException">A file can't be read.</exception>
    public IEnumerable<StorePart> Parts()
    {
        byte[] buffer = new byte[PartBytes];
        foreach ((string name, ICheckpointInput input) in _checkpoints)
            for (long offset = 0; offset < input.Length; offset += PartBytes)
            {
                Memory<byte> content = buffer.AsMemory(0, (int)Math.Min(PartBytes, input.Length - offset));
                input.Read(offset, content.Span);
                yield return new StorePart(name, input.Length, offset, content);
            }
        foreach (StorePart part in LogParts(buffer)) yield return part;
        yield return Whole(StoreFileNames.Instant, StoreSlots.EncodeInstant(_reserved));
        yield return Whole(_manifest.Name, _manifest.Bytes);
    }

    public void Dispose()
    {
        _pages.Dispose();
        foreach ((_, ICheckpointInput input) in _checkpoints) input.Dispose();
    }

    private long FirstAddress => (long)_shape.SegmentOf(_manifest.Manifest.Begin.Address) << _shape.SegmentBits;

    private IEnumerable<StorePart> LogParts(byte[] buffer)
    {
        long end = _manifest.Manifest.DurableUpTo;
        int step = Math.Min(PartBytes, _shape.PageBytes);
        for (long address = FirstAddress; address < end; address += step)
        {
            Memory<byte> content = buffer.AsMemory(0, (int)Math.Min(step, end - address));
            _pages.Read(address, content.Span);
            yield return new StorePart(SegmentFiles.NameOf(_shape.SegmentOf(address)), _shape.SegmentBytes, _shape.OffsetInSegment(address), content);
        }
    }

    private static StorePart Whole(string file, byte[] content) => new(file, content.Length, 0, content);
}
