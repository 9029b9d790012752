using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>Checkpoints as files <c>checkpoint.1</c>, <c>checkpoint.2</c>, … in a store's directory.</summary>
internal sealed class CheckpointFiles(string directory, IStableStorage stable) : ICheckpointFiles
{
    private const string Prefix = "checkpoint.";

    /// <summary>Removes what was being made when a process ended.</summary>
    public void RemoveUnfinished()
    {
        foreach (string unfinished in Directory.EnumerateFiles(directory, $"{Prefix}*{StableStorage.UnfinishedSuffix}"))
            File.Delete(unfinished);
    }

    public string NameOf(ulong number) => Prefix + number.ToString(CultureInfo.InvariantCulture);

    public IReadOnlyList<ulong> Numbers()
    {
        List<ulong> numbers = [];
        foreach (string path in Directory.EnumerateFiles(directory, Prefix + "*"))
            if (ulong.TryParse(Path.GetFileName(path.AsSpan())[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
                numbers.Add(number);
        return numbers;
    }

    public ICheckpointOutput Create(ulong number) => new Output(PathOf(number), stable);

    public ICheckpointInput Open(ulong number) => new Input(PathOf(number));

    public void Remove(ulong number)
    {
        File.Delete(PathOf(number));
        stable.SyncDirectoryOf(PathOf(number));
    }

    private string PathOf(ulong number) => Path.Combine(directory, NameOf(number));

    private sealed class Output : ICheckpointOutput
    {
        private readonly string _path;
        private readonly string _unfinished;
        private readonly IStableStorage _stable;
        private readonly SafeFileHandle _file;
        private readonly LargeFile _content;
        private long _length;
        private bool _sealed;

        public Output(string path, IStableStorage stable)
        {
            (_path, _unfinished, _stable) = (path, path + StableStorage.UnfinishedSuffix, stable);
            _file = File.OpenHandle(_unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
            _content = new LargeFile(_file, _unfinished);
        }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            _content.Write(bytes, _length);
            _length += bytes.Length;
        }

        public void Seal()
        {
            _stable.Sync(_file, _unfinished);
            StableStorage.ForgetCached(_file);   // so that what verifies it reads the disk
            _file.Dispose();
            File.Move(_unfinished, _path, overwrite: false);
            _sealed = true;
            _stable.SyncDirectoryOf(_path);
        }

        public void Dispose()
        {
            _file.Dispose();
            if (!_sealed) File.Delete(_unfinished);
        }
    }

    private sealed class Input(string path) : ICheckpointInput
    {
        private readonly SafeFileHandle _file = File.OpenHandle(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);

        public long Length => RandomAccess.GetLength(_file);

        public void Read(long offset, Span<byte> destination)
        {
            while (!destination.IsEmpty)
            {
                int read = RandomAccess.Read(_file, destination, offset);
                if (read == 0) throw new EndOfStreamException($"the file {path} ends at byte {offset}");
                offset += read;
                destination = destination[read..];
            }
        }

        public void Dispose() => _file.Dispose();
    }
}
