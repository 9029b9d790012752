using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Index;

/// <summary>Lists so long that they move to larger and smaller blocks a little with every change.</summary>
public sealed class LongListTests(ITestOutputHelper output)
{
    private const int Rounds = 6;
    private const uint Most = 60_000;

    [Fact]
    public void A_long_list_holds_what_was_written_while_it_grows_and_shrinks()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var index = new GraphIndex();
        index.BeginReplay(TimeSpan.Zero);       // numbers keep their names
        index.Names("document").Bind(1, "plan");
        for (uint i = 1; i <= Most; i++) index.Names("user").Bind(i, $"u{i}");
        EdgeStore edges = index.Edge("document#viewer@user");
        var expected = new Dictionary<uint, Window>();
        for (int round = 0; round < Rounds; round++)
        {
            bool grows = round % 2 == 0;
            int wanted = random.Next((int)(grows ? Most / 2 : Most / 20), (int)(grows ? Most * 3 / 4 : Most / 10));
            for (int i = 0; expected.Count != wanted; i++)
            {
                Change(edges, expected, (uint)random.Next(1, (int)Most + 1), puts: random.Next(50) > 0 == grows, random);
                if (i % 19_997 == 0) Compare(edges, expected);
            }
            Compare(edges, expected);
        }
    }

    private static void Change(EdgeStore edges, Dictionary<uint, Window> expected, uint subject, bool puts, Random random)
    {
        Window window = random.Next(3) == 0 ? new Window(new Instant(random.Next(1_000)), Instant.Never) : Window.Always;
        if (puts)
        {
            edges.PutSettled(1, subject, window, 0);
            expected[subject] = window;
        }
        else
        {
            edges.RemoveSettled(1, subject);
            expected.Remove(subject);
        }
    }

    private static void Compare(EdgeStore edges, Dictionary<uint, Window> expected)
    {
        var found = new List<uint>();
        for (EdgeListWalk walk = edges.OfResource(1, 1); walk.MoveNext();)
        {
            found.Add(walk.Current.Subject);
            Assert.Equal(expected[walk.Current.Subject], walk.Current.Window);
        }
        Assert.Equal(expected.Keys.OrderBy(EdgeCode.Word), found);
        for (uint subject = 1; subject <= Most; subject++) Assert.Equal(expected.ContainsKey(subject), edges.TryFind(1, subject, 1, out _));
    }
}
