namespace AuthzGraph.SchemaCompiler;

/// <summary>One file of a schema.</summary>
/// <param name="Path">From the folder of the schema, with <c>/</c> between its parts: <c>people/user.authz</c>.</param>
public sealed record SchemaFile(string Path, string Text);

/// <summary>The folder that the files of a schema are in. The compiler reads them through this and knows no disk.</summary>
public interface ISchemaFolder
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">As <see cref="SchemaFile.Path"/>; never leads out of the folder by its name.</param>
    /// <exception cref="IOException">It is there and cannot be read; the compiler lets it through.</exception>
    SchemaRead Read(string path);
}

/// <summary>What came of reading a file: a closed set.</summary>
public abstract record SchemaRead
{
    private SchemaRead() { }

    /// <summary>A text longer than a schema may be can be cut behind that length: it is refused whatever follows.</summary>
    public sealed record Found(string Text) : SchemaRead;

    /// <summary>There is no such file.</summary>
    public sealed record Missing : SchemaRead;

    /// <summary>The path leads out of the folder, through a link, whatever is there.</summary>
    public sealed record Outside : SchemaRead;
}
