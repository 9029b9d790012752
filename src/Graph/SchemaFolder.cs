using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph;

/// <summary>
/// The files of a schema on disk. A link is followed as long as what it points at lies in the folder: so a schema from a stranger
/// shows nobody what else is on the machine.
/// </summary>
public sealed class SchemaFolder(string folder) : ISchemaFolder
{
    private readonly Lazy<string> _root = new(() => RealPath(Path.GetFullPath(folder)));

    /// <summary>Compiles a file with all that it imports, from the folder it is in.</summary>
    /// <param name="text">What stands in the file.</param>
    /// <exception cref="IOException">A file that is imported is there and cannot be read.</exception>
    public static Compilation Compile(string path, string text)
    {
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } named ? named : ".";
        return Compilation.Of(new SchemaFile(Path.GetFileName(path), text), new SchemaFolder(folder));
    }

    /// <inheritdoc/>
    public SchemaRead Read(string path)
    {
        string file = Path.Combine(_root.Value, path);
        if (!File.Exists(file)) return new SchemaRead.Missing();
        string real = RealPath(file);
        string inside = Path.EndsInDirectorySeparator(_root.Value) ? _root.Value : _root.Value + Path.DirectorySeparatorChar;
        if (!real.StartsWith(inside, StringComparison.Ordinal)) return new SchemaRead.Outside();
        try
        {
            return new SchemaRead.Found(Text(real));
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException($"{path} cannot be read: {refused.Message}", refused);
        }
    }

    /// <summary>At most one character more than a schema has bytes: then it is refused whatever follows.</summary>
    private static string Text(string file)
    {
        int limit = Limits.Default.SchemaBytes;
        if (new FileInfo(file).Length <= limit) return File.ReadAllText(file);
        using StreamReader reader = new(file);
        char[] start = new char[limit + 1];
        return new string(start, 0, reader.ReadBlock(start));
    }

    /// <summary>Where a path that exists leads, every link in it followed.</summary>
    private static string RealPath(string path)
    {
        string root = Path.GetPathRoot(path) ?? "";
        string real = root;
        foreach (string name in path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, name);
            FileSystemInfo here = Directory.Exists(real) ? new DirectoryInfo(real) : new FileInfo(real);
            if (here.LinkTarget is not null && here.ResolveLinkTarget(returnFinalTarget: true) is { } target) real = RealPath(target.FullName);
        }
        return real;
    }
}
