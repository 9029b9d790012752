using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Index;

/// <summary>A caller who knows how edges are numbered, and how numbers were scattered, chooses edges that would all lie together.</summary>
public sealed class ChosenEdgesTests(ITestOutputHelper output)
{
    private const int Objects = 170;

    [Fact]
    public async Task Nobody_can_choose_edges_that_stop_the_writer()
    {
        AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Memory() });
        await graph.WriteSchemaAsync("definition user {} definition document { relation viewer: user; permission view = viewer }");
        // names get their numbers in the order in which they are first written
        await WriteAsync(graph, [.. Enumerable.Range(1, Objects).Select(i => (i, i))]);
        (int, int)[] chosen = [.. from document in Enumerable.Range(1, Objects) from user in Enumerable.Range(1, Objects)
            where document != user && Scattered(document, user) is > 0x5800_0000_0000_0000 and < 0xA800_0000_0000_0000 select (document, user)];
        output.WriteLine($"{chosen.Length} edges");
        foreach ((int, int)[] part in chosen.Chunk(500)) await WriteAsync(graph, part);
        foreach ((int document, int user) in chosen) Assert.True(Views(graph, document, user));
        await graph.DisposeAsync();     // not where the writer is stuck
    }

    private static Task<WriteReceipt> WriteAsync(AuthorizationGraph graph, (int Document, int User)[] edges) => graph.WriteAsync(new WriteRequest
    {
        Updates = [.. edges.Select(e => new TupleUpdate(UpdateKind.Touch, RelationTuple.Parse($"document:d{e.Document}#viewer@user:u{e.User}")))],
    }).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    private static bool Views(AuthorizationGraph graph, int document, int user) => graph.Snapshot().Check(new CheckQuestion(
        new ObjectRef("document", $"d{document}"), "view", new SubjectRef(new ObjectRef("user", $"u{user}")))).IsPermitted;

    /// <summary>Murmur's finalizer of the two numbers.</summary>
    private static ulong Scattered(int document, int user)
    {
        ulong key = (ulong)document << 32 | (uint)user;
        key = (key ^ key >> 33) * 0xFF51_AFD7_ED55_8CCD;
        key = (key ^ key >> 33) * 0xC4CE_B9FE_1A85_EC53;
        return key ^ key >> 33;
    }
}
