using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Index;

public sealed class MemoryTests(ITestOutputHelper output)
{
    [Fact]
    public void Quiet_edges_cost_few_bytes_and_taking_all_away_frees_them()
    {
        const uint Count = 50_000;
        var index = new GraphIndex();
        NameTable documents = index.Names("document");
        NameTable users = index.Names("user");
        for (uint i = 1; i <= Count; i++) documents.Bind(i, $"document-{i}");
        for (uint i = 1; i <= Count; i++) users.Bind(i, $"user-{i}");
        long names = Used(index);
        EdgeStore edges = index.Edge("document#viewer@user");
        for (uint i = 1; i <= Count; i++) edges.PutSettled(i, Count - i + 1, Window.Always, 0);
        long full = Used(index);
        output.WriteLine($"{names} bytes of names, {full - names} of edges");
        Assert.InRange((full - names) / (double)Count, 15, 22);

        for (uint i = 1; i <= Count; i++) edges.RemoveSettled(i, Count - i + 1);
        Assert.Equal(0, edges.Count);
        Assert.Equal(0u, documents.Count + users.Count);
    }

    /// <summary>What says since when they are there costs them a slot, and nothing once they are old.</summary>
    [Fact]
    public void New_edges_cost_a_slot_more_and_give_it_back_when_they_are_old()
    {
        const uint Count = 50_000;
        var index = new GraphIndex(default(EdgeKey));      // how many parts a table takes differs with its key
        for (uint i = 1; i <= Count; i++) index.Names("document").Bind(i, $"document-{i}");
        for (uint i = 1; i <= Count; i++) index.Names("user").Bind(i, $"user-{i}");
        long names = Used(index);
        EdgeStore edges = index.Edge("document#viewer@user");
        for (uint i = 1; i <= Count; i++) edges.Put(i, i, Count - i + 1, Window.Always, 0);
        long full = Used(index) - names;
        Assert.InRange(index.Memory.HistoryBytes / (double)Count, 16, 32);

        var sweep = new Sweep(index, new Revision(Count), Instant.Beginning, Instant.Beginning);
        while (!sweep.IsDone) sweep.Run(TimeSpan.Zero);
        index.Memory.Limbo.Drain();      // and what it freed has freed
        long quiet = Used(index) - names;
        output.WriteLine($"{full} bytes new, {quiet} old");
        Assert.InRange(full / (double)Count, 30, 48);
        Assert.InRange(quiet / (double)Count, 15, 22);
        Assert.Equal(0, index.Memory.HistoryBytes);
        Assert.Equal(0, edges.Versions.EdgeCount);
    }

    [Fact]
    public void Names_are_kept_as_they_were_given_while_others_touch_the_memory_behind_them()
    {
        const uint Count = 300_000;     // 40 MB of texts: several segments that are touched ahead
        var index = new GraphIndex();
        NameTable users = index.Names("user");
        for (uint i = 1; i <= Count; i++) users.Bind(i, NameOf(i));
        for (uint i = 1; i <= Count; i++) Assert.Equal(NameOf(i), users[i]);
        Assert.True(index.Memory.Texts.Reserved >= index.Memory.Texts.Used);

        static string NameOf(uint i) => $"{i}-{new string((char)('a' + i % 26), 100 + (int)(i % 40))}";
    }

    [Fact]
    public void A_small_store_takes_little_memory_and_a_larger_one_whole_huge_pages()
    {
        var index = new GraphIndex();
        NameTable users = index.Names("user");
        BlockArena texts = index.Memory.Texts;
        long before = 0;
        for (uint i = 1; texts.Used < 16 << 20; i++)
        {
            users.Bind(i, $"{i}-{new string('a', 500)}");
            if (texts.Reserved == before) continue;
            before = texts.Reserved;
            output.WriteLine($"{texts.Used} bytes used, {texts.Reserved} reserved, {texts.Huge} in huge pages");
            Assert.True(texts.Reserved <= Math.Max(1 << 20, texts.Used < 1 << 20 ? 5 << 20 : 3 * texts.Used), "far more is reserved than used");
        }
        if (HugePages.IsAllowed) Assert.Equal(texts.Reserved - (512 << 10), texts.Huge);
    }

    private static long Used(GraphIndex index)
    {
        index.Memory.Limbo.Drain();
        return index.Memory.Blocks.Used + index.Memory.Texts.Used;
    }
}
