using System.Globalization;

namespace AuthzGraph.Tests;

/// <summary>Where random tests begin: somewhere else in each run, or, to repeat one, where <c>AUTHZGRAPH_SEED</c> says.</summary>
internal static class Seed
{
    /// <summary>What AUTHZGRAPH_SEED says, if anything.</summary>
    public static int? Asked => Environment.GetEnvironmentVariable("AUTHZGRAPH_SEED") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>A test prints it.</summary>
    public static int Any() => Asked ?? Environment.TickCount;
}
