using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Server.Hosting;

/// <summary>What a server says when it has started.</summary>
internal static class StartLines
{
    public static IReadOnlyList<string> Of(ServerOptions options, Revision recovered, IReadOnlyList<string> urls, string loaded, string who, IReadOnlyList<string> notices)
    {
        string store = options.Storage switch
        {
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
        if (loaded.Length > 0) lines.Add($"  load   {loaded}");
        lines.AddRange(notices.Select(notice => $"  note   {notice}"));
        lines.Add(who);
        lines.Add("Ctrl-C stops it.");
        return lines;
    }
}
