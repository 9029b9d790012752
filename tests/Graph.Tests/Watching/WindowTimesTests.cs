using AuthzGraph.Graph.Watching;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Watching;

/// <summary>Of tests that measure the memory of the process: they run when no others do.</summary>
[CollectionDefinition(nameof(MemoryOfTheProcess), DisableParallelization = true)]
public sealed class MemoryOfTheProcess;

[Collection(nameof(MemoryOfTheProcess))]
public sealed class WindowTimesTests
{
    private const int Renewals = 100_000;

    /// <summary>A lease of a day that is renewed every second has, after a day, 86,400 ends of which one counts.</summary>
    [Fact]
    public void A_watch_keeps_no_more_ends_of_windows_than_count_however_often_they_are_renewed()
    {
        var times = new WindowTimes(Instant.Beginning, limit: 10);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Renewals; i++) times.Apply(Renewed(i), new Instant(i));
        for (int i = 0; i < Renewals; i++)
        {
            times.Apply(Renewed(i), new Instant(Renewals + i));
            times.Apply(new TupleChange(TupleChangeKind.Deleted, Renewed(i).Tuple), new Instant(Renewals + i));
        }
        times.Apply(Renewed(7), new Instant(3 * Renewals));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1_000_000);
        Assert.Equal(new Instant(1_000_000_007), times.Next);
        Assert.Equal([new WindowChange(WindowChangeKind.Closed, Renewed(7).Tuple)], times.Take());
        while (times.Next.IsFinite) Assert.Empty(times.Take());
    }

    private static TupleChange Renewed(int i) => new(TupleChangeKind.Touched, RelationTuple.Parse("document:readme#viewer@user:ann") with
    {
        Window = new Window(Instant.Beginning, new Instant(1_000_000_000 + i)),
    });
}
