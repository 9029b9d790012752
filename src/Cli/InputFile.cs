namespace AuthzGraph.Cli;

/// <summary>A file of any length, or standard input, read from its start to its end.</summary>
/// <param name="Name">For messages.</param>
internal sealed record InputFile(TextReader Reader, string Name, FileStream? File) : IDisposable
{
    /// <summary>The path that stands for standard input.</summary>
    public const string Standard = "-";

    /// <summary>How far it was read, in bytes; 0 of standard input.</summary>
    public long Position => File?.Position ?? 0;

    /// <summary>In bytes; 0 of standard input.</summary>
    public long Length => File?.Length ?? 0;

    /// <exception cref="CommandException">The file cannot be read.</exception>
    public static InputFile Open(Terminal terminal, string path)
    {
        if (path == Standard) return new InputFile(terminal.Input, "standard input", null);
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return new InputFile(new StreamReader(file), path, file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw FileText.Unreadable(path, problem);
        }
    }

    public void Dispose()
    {
        if (File is not null) Reader.Dispose();
    }
}
