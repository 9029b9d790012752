using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Index;

/// <summary>Lists so long that they are kept in parts, which split and become one again.</summary>
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
        GraphIndex index = NewIndex(out EdgeStore edges);
        var expected = new Dictionary<uint, Window>();
        for (int round = 0; round < Rounds; round++)
        {
            bool grows = round % 2 == 0;
            int wanted = random.Next((int)(grows ? Most / 2 : Most / 20), (int)(grows ? Most * 3 / 4 : Most / 10));
            for (int i = 0; expected.Count != wanted; i++)
            {
                Change(edges, expected, (uint)random.Next(1, (int)Most + 1), puts: random.Next(50) > 0 == grows, random);
                if (i % 1_000 == 0) index.Memory.Limbo.Drain();
                if (i % 19_997 == 0) Compare(edges, expected);
            }
            Compare(edges, expected);
        }
        foreach (uint subject in expected.Keys.OrderBy(_ => random.Next()).ToList())
        {
            Change(edges, expected, subject, puts: false, random);
            if (expected.Count is 5_000 or 513 or 512 or 17 or 16 or 1 or 0) Compare(edges, expected);
        }
        Assert.Equal(0, edges.Count);
    }

    [Fact]
    public async Task A_reader_of_a_long_list_misses_nothing_that_stays_while_parts_split_and_become_one()
    {
        const uint Staying = 300;       // of them alone it is one block
        GraphIndex index = NewIndex(out EdgeStore edges);
        for (uint subject = 1; subject <= Staying; subject++) edges.PutSettled(1, subject, Window.Always, 0);
        uint[] staying = [.. Enumerable.Range(1, (int)Staying).Select(i => (uint)i).OrderBy(EdgeCode.Word)];
        using var stop = new CancellationTokenSource();
        int walks = 0;
        Task reader = Task.Factory.StartNew(
            () => ReadUntil(index, edges, staying, () => Interlocked.Increment(ref walks), stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            for (int round = 0; round < 20 || Volatile.Read(ref walks) <= 30 && !reader.IsCompleted; round++)
            {
                for (uint subject = Staying + 1; subject <= 12_000; subject++) edges.PutSettled(1, subject, Window.Always, 0);
                for (uint subject = Staying + 1; subject <= 12_000; subject++)
                {
                    edges.RemoveSettled(1, subject);
                    if (subject % 100 == 0) index.Memory.Limbo.Drain();
                }
            }
        }
        finally { await stop.CancelAsync(); }
        await reader;
        output.WriteLine($"{walks} walks");
    }

    // quick about it, so that it often meets a part that is being changed
    private static void ReadUntil(GraphIndex index, EdgeStore edges, uint[] staying, Action walked, CancellationToken stop)
    {
        var reader = new EdgeListReader();
        var random = new Random(7);
        for (; !stop.IsCancellationRequested; walked())
        {
            using Epochs.Stay stay = index.Memory.Epochs.Enter();
            edges.OpenResource(reader, 1, null);
            (int found, uint last) = (0, 0);
            for (; reader.MoveNext(); last = reader.Word)
            {
                if (reader.Word <= last) Assert.Fail($"{reader.Word} came after {last}");
                if (found < staying.Length && EdgeCode.Number(reader.Word) == staying[found]) found++;
                if (random.Next(20_000) == 0) Thread.Sleep(1);      // in a part that others may take the place of
            }
            Assert.Equal(staying.Length, found);
            foreach (uint subject in staying)
                if (!edges.TryFindWord(1, subject, out _)) Assert.Fail($"{subject} is not found");
        }
    }

    private static GraphIndex NewIndex(out EdgeStore edges)
    {
        var index = new GraphIndex();
        index.BeginReplay(TimeSpan.Zero);       // numbers keep their names
        index.Names("document").Bind(1, "plan");
        for (uint i = 1; i <= Most; i++) index.Names("user").Bind(i, $"u{i}");
        edges = index.Edge("document#viewer@user");
        return index;
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
        Assert.Equal(expected.Count, edges.WordsOf(1).Length);
        Assert.Equal(found, ReadBehind(edges, null));
        foreach (int i in new[] { 0, found.Count / 3, found.Count - 1 }.Where(i => i >= 0 && i < found.Count))
            Assert.Equal(found[(i + 1)..], ReadBehind(edges, found[i]));
        for (uint subject = 1; subject <= Most; subject++) Assert.Equal(expected.ContainsKey(subject), edges.TryFind(1, subject, 1, out _));
    }

    private static List<uint> ReadBehind(EdgeStore edges, uint? after)
    {
        var reader = new EdgeListReader();
        var found = new List<uint>();
        edges.OpenResource(reader, 1, after);
        while (reader.MoveNext()) found.Add(EdgeCode.Number(reader.Word));
        return found;
    }
}
