namespace AuthzGraph.Perf.Serving;

/// <summary>What one call costs its server.</summary>
/// <param name="Micros">Of CPU, in user and kernel mode, of the server's process.</param>
/// <param name="Bytes">Allocated.</param>
internal readonly record struct CallCost(string Name, double Micros, double Bytes, double PerSecond)
{
    /// <summary>Of several rounds of the same call.</summary>
    public static CallCost Median(IReadOnlyList<CallCost> rounds) =>
        new(rounds[0].Name, Median(rounds.Select(r => r.Micros)), Median(rounds.Select(r => r.Bytes)), Median(rounds.Select(r => r.PerSecond)));

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
