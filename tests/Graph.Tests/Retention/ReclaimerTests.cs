using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

public sealed class ReclaimerTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    /// <summary>It may have seen the horizon just before it moved. Too short a moment to be met from outside.</summary>
    [Fact]
    public void Nothing_is_reclaimed_under_a_reader_that_began_before_the_horizon_moved()
    {
        var time = new ManualTime("2026-01-01T00:00:00Z");
        GraphIndex index = new();
        History history = new(index.Horizon);
        Reclaimer reclaimer = new(index, history, time, () => Instant.From(time.GetUtcNow()), Limits.Default with { Retention = TimeSpan.FromMinutes(1) });
        Write(1, LogEntry.ObjectType(1, "document"), LogEntry.ObjectType(2, "user"), LogEntry.EdgeType(1, "document#viewer@user"),
            LogEntry.ObjectName(1, 1, "plan"), LogEntry.ObjectName(2, 1, "ann"), LogEntry.Put(1, 1, 1, Window.Always));
        Write(2, LogEntry.Remove(1, 1, 1, Window.Always));
        Write(3);
        EdgeStore edges = index.Edges.Single();
        time.Set("2026-01-01T01:00:00Z");
        using (index.Enter(new Revision(1), Instant.Never))
        {
            for (int i = 0; i < 5; i++) Assert.False(reclaimer.Run(Long));
            Assert.Equal(new Revision(3), index.Horizon.Revision);
            Assert.True(edges.TryFind(1, 1, 1, out _));
        }
        while (reclaimer.Run(Long)) { }
        Assert.False(edges.TryFind(1, 1, 1, out _));
        Assert.Equal(0, edges.Count);

        void Write(ulong revision, params LogEntry[] entries)
        {
            foreach (LogEntry entry in entries) index.Apply(new Revision(revision), entry);
            history.Publish(new Published(new Revision(revision), Instant.From(time.GetUtcNow()).Plus((long)revision), null));
        }
    }

    [Fact]
    public void History_is_kept_within_its_bytes_also_after_a_clock_that_was_ahead_is_set_back()
    {
        var time = new ManualTime("2026-01-01T00:00:00Z");
        GraphIndex index = new();
        History history = new(index.Horizon);
        Limits limits = Limits.Default with { HistoryBytes = 1_000 };
        Reclaimer reclaimer = new(index, history, time, () => Instant.From(time.GetUtcNow()), limits);
        Write(1, LogEntry.ObjectType(1, "document"), LogEntry.ObjectType(2, "user"), LogEntry.EdgeType(1, "document#viewer@user"),
            LogEntry.ObjectName(1, 1, "plan"), LogEntry.ObjectName(2, 1, "ann"), LogEntry.Put(1, 1, 1, Window.Always));
        time.Set("2026-07-01T00:00:00Z");
        while (reclaimer.Run(Long)) { }
        time.Set("2026-01-01T00:00:10Z");
        for (ulong revision = 2; revision < 200; revision++) Write(revision, LogEntry.Replace(1, 1, 1, Window.Always, 0, Window.Always, 0));
        Assert.True(reclaimer.HistoryBytes > limits.HistoryBytes);
        for (int second = 20; second < 30; second++)
        {
            time.Set($"2026-01-01T00:00:{second}Z");
            while (reclaimer.Run(Long)) { }
        }
        Assert.InRange(reclaimer.HistoryBytes, 0, limits.HistoryBytes);

        void Write(ulong revision, params LogEntry[] entries)
        {
            foreach (LogEntry entry in entries) index.Apply(new Revision(revision), entry);
            history.Publish(new Published(new Revision(revision), Instant.From(time.GetUtcNow()).Plus((long)revision), null));
        }
    }
}
