namespace AuthzGraph.Perf.Graph.Checks;

/// <summary>The system's clock, which can be put forward: so that what was just written is history already.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private TimeSpan _ahead;

    public void Jump(TimeSpan by) => _ahead += by;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;
}
