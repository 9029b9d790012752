using System.Globalization;
using System.Reflection;

namespace AuthzGraph.Perf;

/// <summary>What a figure says nothing without: the machine, the commit, the command.</summary>
internal static class Surroundings
{
    public static string Of(string command) => string.Create(CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} × {Processor}, .NET {Environment.Version}, commit {Commit}\ndotnet run -c Release --project perf -- {command.TrimEnd()}\n");

    private static string Commit => typeof(Surroundings).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static string Processor => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown"
        : "unknown";
}
