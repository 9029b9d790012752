using AuthzGraph.Perf.Graph.Checks;

namespace AuthzGraph.Perf.Tests;

public sealed class CheckTimesTests
{
    [Fact]
    public async Task Every_class_of_checks_is_timed_and_gets_its_answers()
    {
        var lines = new List<string>();
        await foreach (string line in CheckTimes.RunAsync(tuples: 4_000, only: "", age: TimeSpan.Zero, chainBytes: 1 << 20, rounds: 1)) lines.Add(line);

        Assert.All(CheckClass.All, kind => Assert.Contains(lines, line => line.StartsWith(kind.Name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_a_check_has_to_wait_for_is_counted_on_the_graph()
    {
        IReadOnlyDictionary<string, Floor> floors = await Floor.CountAsync(documents: 2_000, age: TimeSpan.FromDays(3));
        if (!ReferencedPages.CanBeCounted) return;

        Assert.Equal(
            ["direct: 1", "denied: 1", "one group hop: 2", "(a & b) - c: 1", "arrows: 6", "4-hop chain, named: 6", "4-hop chain, found: 7"],
            CheckClass.All.Select(kind => $"{kind.Name}: {floors[kind.Name].Misses}"));
    }

    [Fact]
    public void The_pages_that_are_read_are_counted_and_those_that_are_not_are_not()
    {
        if (!ReferencedPages.CanBeCounted) return;
        const int PageBytes = 4096, Touched = 30_000;
        ReferencedPages.AllowHuge(false);
        byte[] memory = GC.AllocateArray<byte>(Touched * PageBytes);
        ReferencedPages.AllowHuge(true);
        void Touch()
        {
            for (int page = 0; page < Touched; page++) memory[page * PageBytes]++;
        }
        Touch();

        // others' tests run in this process meanwhile: the least of some counts
        int without = Enumerable.Range(0, 9).Min(_ => ReferencedPages.Count(() => { }, () => { }));
        int with = Enumerable.Range(0, 9).Min(_ => ReferencedPages.Count(() => { }, Touch));

        Assert.InRange(with - without, Touched * 9 / 10, Touched * 11 / 10);
    }
}
