using System.Globalization;

namespace AuthzGraph.Server.Tests.Soak;

/// <summary>What a process holds, as Linux counts it.</summary>
/// <param name="Handles">Without those of assemblies, which are opened when they are first used.</param>
internal readonly record struct ProcessFootprint(int Handles, int Threads, long ResidentBytes)
{
    public static ProcessFootprint Of(int process)
    {
        string folder = $"/proc/{process}";
        string resident = File.ReadLines($"{folder}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        long kib = long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        return new ProcessFootprint(CountHandles(folder), Directory.GetDirectories($"{folder}/task").Length, kib * 1024);
    }

    private static int CountHandles(string folder) =>
        Directory.GetFiles($"{folder}/fd").Count(handle => !(new FileInfo(handle).LinkTarget ?? "").EndsWith(".dll", StringComparison.Ordinal));
}
