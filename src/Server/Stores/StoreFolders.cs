using AuthzGraph.Graph;

namespace AuthzGraph.Server.Stores;

/// <summary>
/// Where stores are: the default store in the data folder itself, as it was before there were others, each other store in a folder of its
/// own below <c>stores</c>.
/// </summary>
internal sealed class StoreFolders(string data)
{
    private const string Folder = "stores";
    private const string Leaving = ".deleted-";

    private string Root => Path.Combine(data, Folder);

    public StorageLocation.Directory Of(string name) => name == StoreName.Default
        ? new StorageLocation.Directory(data)
        : new StorageLocation.Directory(Path.Combine(Root, name)) { Size = StoreSize.Small };

    /// <summary>The names of the stores that are there, the default store aside. What a deletion left behind goes.</summary>
    public IReadOnlyList<string> List()
    {
        if (!Directory.Exists(Root)) return [];
        string[] folders = [.. Directory.EnumerateDirectories(Root).Select(folder => Path.GetFileName(folder))];
        foreach (string left in folders.Where(f => f.StartsWith(Leaving, StringComparison.Ordinal))) Directory.Delete(Path.Combine(Root, left), recursive: true);
        return [.. folders.Where(StoreName.IsValid).Order(StringComparer.Ordinal)];
    }

    /// <summary>Makes the folder in which others will be; a store makes its own.</summary>
    public void Prepare()
    {
        if (Directory.Exists(Root)) return;
        Directory.CreateDirectory(Root);
        StoreDirectory.Settle(Root);
    }

    /// <summary>Removes a store that is closed. Once its folder has another name it is gone, whatever happens after.</summary>
    public void Delete(string name)
    {
        string leaving = Path.Combine(Root, Leaving + Guid.NewGuid().ToString("N"));
        Directory.Move(Path.Combine(Root, name), leaving);
        StoreDirectory.Settle(leaving);
        Directory.Delete(leaving, recursive: true);
    }
}
