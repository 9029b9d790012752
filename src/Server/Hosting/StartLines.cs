using AuthzGraph.Graph;

namespace AuthzGraph.Server.Hosting;

/// <summary>What a server says when it has started.</summary>
internal static class StartLines
{
    public static IReadOnlyList<string> Of(ServerOptions options, AuthorizationGraph graph, IReadOnlyList<string> urls, string loaded)
    {
        string revision = $"revision {graph.Snapshot().Revision}";
        string store = options.Storage switch
        {
            StorageLocation.Directory directory => $"{Path.GetFullPath(directory.Path)}, {revision} recovered",
            _ => $"in memory, {revision}: gone when the server stops",
        };
        List<string> lines =
        [
            "AuthzGraph is serving",
            $"  gRPC   {urls[0]}  (HTTP/2 without TLS)",
            $"  JSON   {urls[1]}  (the same paths; /healthz, /readyz)",
            $"  store  {store}",
        ];
        if (loaded.Length > 0) lines.Add($"  load   {loaded}");
        lines.Add("There are no credentials yet: only this machine can connect, and whoever does may do everything.");
        lines.Add("Ctrl-C stops it.");
        return lines;
    }
}
