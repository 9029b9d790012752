namespace AuthzGraph.Server.Tests;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("authzgraph-").FullName;

    public string Write(string name, string text)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, name), text);
        return Path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
