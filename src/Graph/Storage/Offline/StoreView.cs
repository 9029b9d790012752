using AuthzGraph.Graph.Storage.Checkpoints;

namespace AuthzGraph.Graph.Storage.Offline;

/// <summary>
/// A store's directory, or a backup's, to look into: nothing in it is changed. A server may go on with it meanwhile; whoever needs it
/// to stand still takes the lock first.
/// </summary>
internal sealed class StoreView : IDisposable
{
    private StoreView(string directory, SlotCopies manifest, SlotCopies instant)
    {
        (Directory, ManifestCopies, InstantCopies) = (directory, manifest, instant);
        Manifest = Manifest.Decode(manifest.Content);
        Shape = LogShape.Default.For(Manifest);
        Pages = new SegmentPages(directory, Shape, Shape.SegmentOf(Manifest.Begin.Address));
        Checkpoints = new CheckpointFiles(directory, StableStorage.Disk);
    }

    public string Directory { get; }
    public SlotCopies ManifestCopies { get; }
    public SlotCopies InstantCopies { get; }
    public Manifest Manifest { get; }
    public LogShape Shape { get; }
    public SegmentPages Pages { get; }
    public ICheckpointFiles Checkpoints { get; }

    public bool IsBackup => ManifestCopies.File == StoreFileNames.Backup;

    /// <summary>Whether a store or the backup of one is there, damaged or not.</summary>
    public static bool IsBackupAt(string directory) => File.Exists(Path.Combine(directory, StoreFileNames.Backup));

    /// <exception cref="StoreFailedException">There is no store, its manifest is damaged in both copies, or it is of another format.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <param name="manifest">What the manifest is called; null: as in a store, or else as in a backup.</param>
    public static StoreView Open(string directory, string? manifest = null)
    {
        directory = Path.GetFullPath(directory);
        manifest ??= IsBackupAt(directory) ? StoreFileNames.Backup : StoreFileNames.Manifest;
        if (!File.Exists(Path.Combine(directory, manifest))) throw NotThere(directory, manifest);
        if (!File.Exists(Path.Combine(directory, StoreFileNames.Instant))) throw NotThere(directory, StoreFileNames.Instant);
        return new StoreView(
            directory,
            SlotCopies.Read(directory, manifest, Manifest.Format),
            SlotCopies.Read(directory, StoreFileNames.Instant, StoreSlots.InstantFormat));
    }

    /// <summary>A scan of the log from a place in it.</summary>
    public LogScan ScanFrom(LogPosition start) => new(Pages, Shape, start, Manifest.Identity);

    public CheckpointReader Read(ICheckpointInput input, CheckpointMark mark) => new(input, Checkpoints.NameOf(mark.Number), mark, Manifest.Identity);

    public void Dispose() => Pages.Dispose();

    private static StoreFailedException NotThere(string directory, string file) =>
        System.IO.Directory.Exists(directory) && (SegmentFiles.AnyIn(directory) || file == StoreFileNames.Instant)
            ? new StoreFailedException($"the file `{file}` is missing from a store that has others; restore the store from a backup") { Place = new DamagedPlace(file, 0) }
            : new StoreFailedException($"there is no store in {directory}");
}
