using System.Text;
using System.Text.RegularExpressions;

namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>
/// The files of a schema in one text: a line <c>// people/user.authz:</c> begins a file, what stands behind the colon is its
/// first line. Before the first such line stands <c>schema.authz</c>, from which all is compiled.
/// </summary>
internal sealed class MemoryFolder : ISchemaFolder
{
    private const string First = "schema.authz";

    private readonly Dictionary<string, string> _files;

    public MemoryFolder(string files)
    {
        StringBuilder text = new();
        Dictionary<string, StringBuilder> texts = new() { [First] = text };
        foreach (string line in files.Split('\n'))
        {
            Match begin = Regex.Match(line, @"^// ?([\w./-]+\.authz):(.*)$");
            if (begin.Success) texts.Add(begin.Groups[1].Value, text = new StringBuilder());
            text.Append(begin.Success ? begin.Groups[2].Value.TrimStart() : line).Append('\n');
        }
        _files = texts.ToDictionary(file => file.Key, file => file.Value.ToString());
    }

    /// <summary>Paths that were asked for, in order.</summary>
    public List<string> Asked { get; } = [];

    public Compilation Compile() => Compilation.Of(new SchemaFile(First, _files[First]), this);

    public static Compilation Compile(string files) => new MemoryFolder(files).Compile();

    public string this[string path] => _files[path];

    /// <summary>A file whose text is <c>elsewhere</c> is a link out of the folder.</summary>
    public SchemaRead Read(string path)
    {
        Asked.Add(path);
        if (!_files.TryGetValue(path, out string? text)) return new SchemaRead.Missing();
        return text.Trim() == "elsewhere" ? new SchemaRead.Outside() : new SchemaRead.Found(text);
    }
}
