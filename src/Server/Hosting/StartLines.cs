using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Server.Stores;

namespace AuthzGraph.Server.Hosting;

/// <summary>What a server says when it has started.</summary>
internal static class StartLines
{
    private const int NamesTold = 10;

    public static IReadOnlyList<string> Of(ServerOptions options, Revision recovered, IReadOnlyList<string> urls, string loaded, string who, StoreBook stores)
    {
        string store = options.Storage switch
        {
            _ when options.Stores.IsTesting => $"an empty one in memory for every bearer token: nothing is kept, and one that is not used for {options.Stores.TestingIdle} is gone",
            StorageLocation.Directory directory => $"{Path.GetFullPath(directory.Path)}, {(recovered.Value == 0 ? "empty" : $"revision {recovered} recovered")}",
            _ => "in memory: gone when the server stops",
        };
        List<string> lines =
        [
            "AuthzGraph is serving",
            $"  gRPC   {urls[0]}  {(options.Security.HasTls ? "(TLS)" : "(HTTP/2 without TLS)")}",
            $"  JSON   {urls[^1]}  (the same paths; /healthz, /readyz, /metrics)",
            $"  store  {store}",
        ];
        if (stores.Names.Count > 1) lines.Add($"  stores {string.Join(", ", stores.Names.Where(name => name != StoreName.Default).Take(NamesTold))}{(stores.Names.Count > NamesTold + 1 ? ", …" : "")}");
        if (loaded.Length > 0) lines.Add($"  load   {loaded}");
        lines.AddRange(stores.Default.Graph.Notices.Select(notice => $"  note   {notice}"));
        lines.Add(who);
        lines.Add("Ctrl-C stops it.");
        return lines;
    }
}
