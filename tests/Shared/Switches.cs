using System.Diagnostics;

namespace AuthzGraph.Tests;

/// <summary>The environment's switches of the tests are no settings of a server, which refuses settings that it does not know.</summary>
internal static class Switches
{
    /// <summary>Keeps them from a process that is about to start.</summary>
    public static ProcessStartInfo Without(ProcessStartInfo start)
    {
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("AUTHZGRAPH_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        return start;
    }
}
