using Microsoft.Win32.SafeHandles;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// A large file as it is filled from front to back. Each piece is written out before the next, so that whoever syncs another file meanwhile waits for no
/// more than one, and the sync at the end finds next to nothing to do.
/// </summary>
internal sealed class LargeFile(SafeFileHandle file, string path)
{
    private const int PieceBytes = 1 << 20;

    private long _writtenOut;

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        RandomAccess.Write(file, bytes, offset);
        long end = offset + bytes.Length;
        if (end - _writtenOut < PieceBytes) return;
        StableStorage.WriteOut(file, _writtenOut, end - _writtenOut, path);
        _writtenOut = end;
    }
}
