using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Memory;
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

    private static long Used(GraphIndex index)
    {
        index.Memory.Limbo.Drain();
        return index.Memory.Blocks.Used + index.Memory.Texts.Used;
    }
}
