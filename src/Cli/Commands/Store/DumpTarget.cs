using System.Text;

namespace AuthzGraph.Cli.Commands.Store;

/// <summary>Where a dump goes: standard output, or a file that has its name only once it is whole.</summary>
internal sealed class DumpTarget : IAsyncDisposable
{
    private const string Unfinished = ".unfinished";
    private const int BufferBytes = 1 << 20;

    private readonly string? _path;
    private readonly FileStream? _file;

    private DumpTarget(TextWriter writer, string? path, FileStream? file) => (Writer, _path, _file) = (writer, path, file);

    public TextWriter Writer { get; }

    public static DumpTarget Open(Terminal terminal, string? path)
    {
        if (path is null) return new DumpTarget(terminal.Output, null, null);
        FileStream file = new(path + Unfinished, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);
        return new DumpTarget(new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferBytes), path, file);
    }

    /// <summary>It is whole: on stable storage under its name.</summary>
    public void Keep()
    {
        if (_path is null || _file is null) return;
        Writer.Flush();
        _file.Flush(flushToDisk: true);
        Writer.Dispose();
        File.Move(_path + Unfinished, _path, overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_path is null) return;
        await Writer.DisposeAsync();
        File.Delete(_path + Unfinished);
    }
}
