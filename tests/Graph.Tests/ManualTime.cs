namespace AuthzGraph.Graph.Tests;

/// <summary>A clock that stands where it is put.</summary>
internal sealed class ManualTime(string start) : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.Parse(start);

    public override DateTimeOffset GetUtcNow() => _now;
    public void Set(string time) => _now = DateTimeOffset.Parse(time);
}
