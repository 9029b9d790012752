using System.Diagnostics;

namespace AuthzGraph.Perf;

/// <summary>This program once more, in a process of its own, so that nothing else is in what is measured of it.</summary>
internal static class PerfProcess
{
    /// <summary>How it is started; what it prints is the caller's to read.</summary>
    public static ProcessStartInfo With(params string[] arguments) =>
        new(Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "AuthzGraph.Perf.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
        };
}
