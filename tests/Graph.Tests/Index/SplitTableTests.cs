using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Graph.Index.Memory;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Index;

public sealed class SplitTableTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(300)]
    [InlineData(40_000)]
    public void A_table_holds_what_was_put_in_and_not_taken_out_however_it_grows_and_shrinks(int most)
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var memory = new IndexMemory();
        var table = new SplitTable(memory);
        Dictionary<ulong, ulong> held = [];
        List<ulong> keys = [];
        for (int phase = 0; phase < 6; phase++)
        {
            int wanted = phase % 2 == 0 ? random.Next(most / 2, most) : random.Next(most / 50);
            while (held.Count != wanted) Change(table, held, keys, random, adds: held.Count < wanted);
            memory.Limbo.Drain();
            Assert.Equal(held.Count, table.Count);
            foreach ((ulong key, ulong value) in held) Assert.True(table.TryFind(key, out ulong found) && found == value);
            for (int i = 0; i < 1_000; i++) Assert.False(table.TryFind(AnyKey(random) | 1, out _));
            Assert.Equal(held.OrderBy(one => one.Key), Walk(table, () => { }).OrderBy(one => one.Key));
        }
    }

    [Fact]
    public void A_walk_through_a_table_that_changes_meets_each_that_stays_once()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var table = new SplitTable(new IndexMemory());
        Dictionary<ulong, ulong> stay = [], others = [];
        List<ulong> kept = [], left = [];
        for (int i = 0; i < 20_000; i++) Change(table, stay, kept, random, adds: true);
        int steps = 0;
        List<KeyValuePair<ulong, ulong>> met = Walk(table, () =>
        {
            for (int i = 0; i < 2_000; i++) Change(table, others, left, random, adds: steps < 12 || others.Count == 0);
            steps++;
        });
        Assert.Equal(stay.OrderBy(one => one.Key), met.Where(one => stay.ContainsKey(one.Key)).OrderBy(one => one.Key));
        Assert.Equal(met.Count, met.DistinctBy(one => one.Key).Count());
        Assert.True(steps > 5);
    }

    [Theory]
    [InlineData(25_000)]
    [InlineData(100_000)]
    [InlineData(130_000)]
    [InlineData(170_000)]
    [InlineData(330_000)]
    public void A_large_table_is_two_thirds_full_whatever_it_holds_and_gives_back_what_is_taken_out(int count)
    {
        var memory = new IndexMemory();
        var table = new SplitTable(memory);
        for (uint i = 1; i <= count; i++) table.Add(default(EdgeKey).Of(i, i), i);
        memory.Limbo.Drain();
        output.WriteLine($"{memory.Blocks.Used / (double)count:F1} bytes a value");
        Assert.InRange(memory.Blocks.Used / (double)count, 16, 25.5);

        for (uint i = 1; i <= count; i++) table.Remove(default(EdgeKey).Of(i, i), i);
        memory.Limbo.Drain();
        Assert.InRange(memory.Blocks.Used, 0, count / 4);
    }

    [Fact]
    public void An_edge_is_told_by_its_key_and_no_key_is_one_that_a_table_keeps_for_itself()
    {
        var random = new Random(7);
        uint[] numbers = [0, 1, 2, EdgeCode.MaxNumber - 1, EdgeCode.MaxNumber, .. Enumerable.Range(0, 300).Select(_ => (uint)random.NextInt64(EdgeCode.MaxNumber + 1L))];
        foreach (EdgeKey key in (EdgeKey[])[default, .. Enumerable.Range(0, 20).Select(_ => EdgeKey.New())])
        {
            foreach (uint resource in numbers.Where(number => number > 0))
                foreach (uint subject in numbers)
                    Assert.Equal((resource, subject), key.Edge(key.Of(resource, subject)));
            foreach (ulong kept in (ulong[])[0, ulong.MaxValue])
                Assert.False(key.Edge(kept) is { Resource: > 0 and <= EdgeCode.MaxNumber, Subject: <= EdgeCode.MaxNumber });
        }
    }

    // even keys are put in, odd ones never
    private static ulong AnyKey(Random random) => (ulong)random.NextInt64(1, long.MaxValue) << 1;

    private static void Change(SplitTable table, Dictionary<ulong, ulong> held, List<ulong> keys, Random random, bool adds)
    {
        if (adds)
        {
            (ulong key, ulong value) = (AnyKey(random), (ulong)random.NextInt64());
            if (!held.TryAdd(key, value)) return;
            table.Add(key, value);
            keys.Add(key);
            return;
        }
        int at = random.Next(keys.Count);
        table.Remove(keys[at], held[keys[at]]);
        held.Remove(keys[at]);
        (keys[at], keys[^1]) = (keys[^1], keys[at]);
        keys.RemoveAt(keys.Count - 1);
    }

    private static List<KeyValuePair<ulong, ulong>> Walk(SplitTable table, Action between)
    {
        List<SplitSlot> met = [];
        ulong position = 0;
        while (table.NextPart(ref position, met)) between();
        return [.. met.Select(slot => KeyValuePair.Create(slot.Key, slot.Value))];
    }
}
