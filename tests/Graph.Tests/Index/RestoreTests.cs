using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Index;

/// <summary>What a checkpoint does: everything out of one index at a revision, in slices, and into another, the past behind the head.</summary>
public sealed class RestoreTests(ITestOutputHelper output)
{
    private const ulong Head = 800;
    private const ulong Oldest = 500;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_index_restored_from_slices_and_past_versions_shows_the_same_at_every_readable_revision(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var from = new GraphIndex();
        List<EdgeVersion> versions = Fill(from, random);
        var to = new GraphIndex();
        to.Horizon.Advance(new Revision(Oldest), Instant.Beginning, Instant.Never);
        foreach (string type in new List<string> { "document", "user" })
        {
            NameTable names = from.Names(type);
            for (uint number = 1; number <= names.Last; number++)
                if (names.IsBound(number)) to.Names(type).Bind(number, names[number]);
        }
        EdgeStore restored = to.Edge("document#viewer@user");
        foreach (EdgeVersion live in new EdgeScan(from, from.Edge("document#viewer@user"), Head, Instant.Never).Slices().SelectMany(s => s)) to.Restore(restored, live);
        EdgeVersion[] past = [.. versions.Where(v => v.Deleted <= Head)];
        random.Shuffle(past);
        foreach (EdgeVersion version in past) to.Restore(restored, version);

        for (ulong revision = Oldest; revision <= Head; revision += 7)
            for (uint document = 1; document <= 12; document++)
                for (uint user = 1; user <= 12; user++)
                {
                    bool expected = from.Edge("document#viewer@user").TryFind(document, user, revision, out EdgeVersion was);
                    Assert.Equal(expected, restored.TryFind(document, user, revision, out EdgeVersion found));
                    Assert.Equal(was.Window, found.Window);
                }
    }

    private static List<EdgeVersion> Fill(GraphIndex index, Random random)
    {
        for (uint i = 1; i <= 12; i++)
        {
            index.Names("document").Bind(i, $"d{i}");
            index.Names("user").Bind(i, $"u{i}");
        }
        var versions = new List<EdgeVersion>();
        EdgeStore edges = index.Edge("document#viewer@user");
        for (ulong revision = 1; revision <= Head; revision++)
        {
            (uint document, uint user) = ((uint)random.Next(1, 13), (uint)random.Next(1, 13));
            int standing = versions.FindIndex(v => v.Resource == document && v.Subject == user && v.Deleted == EdgeVersion.NotDeleted);
            if (standing >= 0) versions[standing] = versions[standing] with { Deleted = revision };
            if (random.Next(3) == 0)
            {
                edges.Remove(revision, document, user);
                continue;
            }
            Window window = random.Next(2) == 0 ? Window.Always : new Window(new Instant(random.Next(100)), Instant.Never);
            edges.Put(revision, document, user, window, 0);
            versions.Add(new EdgeVersion(document, user, revision, EdgeVersion.NotDeleted, window, 0));
        }
        return versions;
    }
}
