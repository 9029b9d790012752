using System.Globalization;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Offline;
using AuthzGraph.Graph.Verifying;
using Microsoft.Win32.SafeHandles;

namespace AuthzGraph.Graph;

/// <summary>
/// Writes the parts of a <see cref="StoreBackup"/> into a directory of their own. They are on stable storage, and verified,
/// once <see cref="Finish"/> returns; before, the directory holds nothing that anybody would take for a store or a backup.
/// </summary>
public sealed class StoreCopy : IDisposable
{
    private readonly string _directory;
    private string? _name;
    private SafeFileHandle? _file;
    private LargeFile? _content;

    /// <exception cref="StoreFailedException">There is something in the directory already.</exception>
    public StoreCopy(string directory)
    {
        _directory = Path.GetFullPath(directory);
        if (Directory.Exists(_directory) && Directory.EnumerateFileSystemEntries(_directory).Any())
            throw new StoreFailedException($"{directory} is not empty: name a directory that is not there yet");
        Directory.CreateDirectory(_directory);
        StableStorage.Disk.SyncDirectoryOf(_directory);
    }

    /// <summary>Parts come in order: those of one file together, from front to back.</summary>
    /// <exception cref="StoreFailedException">It is no part of a store.</exception>
    public void Write(in StorePart part)
    {
        if (part.File != _name) Open(part.File, part.FileBytes);
        if (_content is null || part.Offset < 0 || part.Offset + part.Content.Length > part.FileBytes) throw NotOurs(part.File);
        _content.Write(part.Content.Span, part.Offset);
    }

    /// <summary>Nothing follows: verifies what was written, byte by byte, and gives the manifest its name.</summary>
    /// <exception cref="StoreFailedException">It is not whole; the message names the first place.</exception>
    public CopyReceipt Finish(IProgress<StoreProgress>? progress = null, CancellationToken cancellation = default)
    {
        Close();
        if (_name is not (StoreFileNames.Backup or StoreFileNames.Manifest)) throw new StoreFailedException("the copy ended before its last file");
        string manifest = Path.Combine(_directory, _name);
        StableStorage.Disk.SyncDirectoryOf(manifest);
        using (StoreView view = StoreView.Open(_directory, _name + StableStorage.UnfinishedSuffix)) Expect(new StoreVerification(view, progress, cancellation).Run());
        File.Move(manifest + StableStorage.UnfinishedSuffix, manifest, overwrite: false);
        StableStorage.Disk.SyncDirectoryOf(manifest);
        StoreFigures figures = StoreDirectory.Measure(_directory);
        return new CopyReceipt(figures.Revision, figures.CommittedAt, figures.Timeline, figures.Bytes);
    }

    public void Dispose() => _file?.Dispose();

    private static void Expect(VerificationReport report)
    {
        if (report.Findings.FirstOrDefault(finding => finding.IsDamage) is { } damage)
            throw new StoreFailedException($"the copy is not whole: {damage.File}{(damage.Offset is { } offset ? $" at byte {offset}" : "")}: {damage.Problem}");
    }

    private void Open(string name, long bytes)
    {
        Close();
        if (!IsOurs(name)) throw NotOurs(name);
        string suffix = name is StoreFileNames.Backup or StoreFileNames.Manifest ? StableStorage.UnfinishedSuffix : "";
        string path = Path.Combine(_directory, name + suffix);
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, preallocationSize: bytes);
        RandomAccess.SetLength(_file, bytes);
        _content = new LargeFile(_file, path);
        _name = name;
    }

    private void Close()
    {
        if (_file is null) return;
        RandomAccess.FlushToDisk(_file);
        StableStorage.ForgetCached(_file);     // so that what verifies it reads the disk
        _file.Dispose();
        (_file, _content) = (null, null);
    }

    // names come over the network too
    private static bool IsOurs(string name) => name is StoreFileNames.Instant or StoreFileNames.Backup or StoreFileNames.Manifest
        || IsNumbered(name, "log.") || IsNumbered(name, "checkpoint.");

    private static bool IsNumbered(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) && ulong.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static StoreFailedException NotOurs(string name) => new($"what came as `{name}` is no part of a store");
}
