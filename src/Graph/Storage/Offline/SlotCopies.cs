namespace AuthzGraph.Graph.Storage.Offline;

/// <summary>Both copies of a small content, as they lie on disk; null where one is damaged.</summary>
internal sealed record SlotCopies(string File, SlotContent? First, SlotContent? Second)
{
    /// <summary>The content that counts.</summary>
    /// <exception cref="StoreFailedException">Both are damaged.</exception>
    public byte[] Content => SlotFile.Newest(First, Second)?.Bytes
        ?? throw new StoreFailedException($"both copies in the file `{File}` are damaged; restore the store from a backup") { Place = new DamagedPlace(File, 0) };

    /// <exception cref="StoreFailedException">It is of another version.</exception>
    /// <exception cref="IOException">It is not there, or can't be read.</exception>
    public static SlotCopies Read(string directory, string name, SlotFormat format)
    {
        byte[] both = new byte[2 * SlotFile.SlotBytes];
        using FileStream file = new(Path.Combine(directory, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.ReadAtLeast(both, both.Length, throwOnEndOfStream: false);
        return new SlotCopies(
            name,
            SlotFile.Decode(both.AsSpan(0, SlotFile.SlotBytes), format, name),
            SlotFile.Decode(both.AsSpan(SlotFile.SlotBytes), format, name));
    }
}
