using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;
using BenchmarkDotNet.Attributes;

namespace AuthzGraph.Perf.Graph;

/// <summary>
/// Single steps of the index by number, one after the other: a load fence ends each, so nothing overlaps. The baseline
/// is one dependent load from memory (L), so the ratio column counts in L. Sets have 1 subject (80 %), 2–6 (15 %), 10–30 (4.5 %) and
/// 100–300 (0.5 %), two sets to a document. Bytes per tuple and the load rate are printed before the run; <c>AUTHZGRAPH_TUPLES</c> sets the size.
/// </summary>
[Config(typeof(PerfConfig))]
public class IndexBenchmark
{
    private const int Batch = 1 << 16;
    private const int HotBatch = 1 << 10;
    private const ulong Now = ulong.MaxValue - 1;

    private readonly GraphIndex _index = new();
    private Epochs.Reader? _reader;
    private EdgeStore? _viewers, _editors, _members, _groups;
    private uint[] _chain = [];
    private (uint Document, uint User)[] _hits = [], _misses = [], _hot = [], _hops = [];
    private string[] _names = [];
    private int _zero;

    public int Tuples { get; set; } = int.TryParse(Environment.GetEnvironmentVariable("AUTHZGRAPH_TUPLES"), out int tuples) ? tuples : 1_000_000;

    /// <summary>Bytes of the memory that is chased for L.</summary>
    public int ChainBytes { get; set; } = 512 << 20;

    public static IndexBenchmark Tiny() => new() { Tuples = 2_000, ChainBytes = 1 << 20 };

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        (uint Set, uint User)[] sets = MakeTuples(random, out uint documents, out uint users);
        (uint Document, uint User)[] tuples = [.. sets.Where(tuple => tuple.Set % 2 == 0).Select(tuple => (tuple.Set / 2 + 1, tuple.User))];
        BindNames("document", documents);
        BindNames("user", users);
        long names = Bytes();
        long start = Stopwatch.GetTimestamp();
        foreach ((uint set, uint user) in sets) (set % 2 == 0 ? Viewers : Editors).PutSettled(set / 2 + 1, user, Window.Always, 0);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine($"// {sets.Length} tuples, {documents + users} names: {(Bytes() - names) / (double)sets.Length:F1} B a tuple for edges both ways, "
            + $"{Bytes() / (double)sets.Length:F1} B with names; loaded {sets.Length / seconds / 1e6:F2} M tuples/s; {_index.Memory.Blocks.Huge >> 20} MiB in 2 MiB pages");
        BindNames("group", documents / 4 + 1);
        for (uint document = 1; document <= documents; document++)
        {
            Groups.PutSettled(document, document / 4 + 1, Window.Always, 0);
            if (document % 4 == 0) Members.PutSettled(document / 4 + 1, document % users + 1, Window.Always, 0);
        }
        Members.PutSettled(1, 1, Window.Always, 0);
        _hits = [.. Enumerable.Range(0, Batch).Select(_ => tuples[random.Next(tuples.Length)])];
        _misses = [.. Enumerable.Range(0, Batch).Select(_ => ((uint)random.Next(1, (int)documents + 1), (uint)random.Next(1, (int)users + 1)))];
        _hot = [.. Enumerable.Range(0, HotBatch).Select(_ => tuples[random.Next(64)])];
        _hops = [.. Enumerable.Range(0, Batch).Select(_ => (uint)random.Next(4, (int)documents + 1)).Select(d => (d, Math.Max(d / 4 * 4, 4) % users + 1))];
        _names = [.. _hits.Select(hit => NameOf("document", hit.Document))];
        _chain = MakeChain(random, ChainBytes / 64);
        _reader = _index.Memory.Epochs.NewReader();
        _reader.Enter();
    }

    [GlobalCleanup]
    public void Cleanup() => _reader?.Leave();

    [Benchmark(Baseline = true, OperationsPerInvoke = Batch)]
    public uint OneDependentLoad()
    {
        uint at = (uint)_zero;
        for (int i = 0; i < Batch; i++) at = _chain[at];
        _zero = (int)(at & 0);
        return at + 1;
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int DirectCold() => Expect(Probe(_hits), Batch);

    [Benchmark(OperationsPerInvoke = Batch)]
    public int DirectDeniedCold() => ExpectAtMost(Probe(_misses), Batch / 4);

    [Benchmark(OperationsPerInvoke = HotBatch)]
    public int DirectHot() => Expect(Probe(_hot), HotBatch);

    [Benchmark(OperationsPerInvoke = Batch)]
    public int GroupHopCold()
    {
        int found = 0;
        for (int i = 0; i < Batch; i++)
        {
            (uint document, uint user) = _hops[i];
            EdgeListWalk walk = Groups.OfResource(document, Now);
            while (walk.MoveNext())
                if (Members.TryFind(walk.Current.Subject, user, Now, out _)) found++;
            Fence();
        }
        return Expect(found, Batch);
    }

    /// <summary>All subjects of one document, however many; 1 in most.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public int WalkCold()
    {
        int found = 0;
        for (int i = 0; i < Batch; i++)
        {
            EdgeListWalk walk = Viewers.OfResource(_misses[i].Document, Now);
            while (walk.MoveNext()) found++;
            Fence();
        }
        return found >= Batch ? found : throw new InvalidOperationException($"only {found} subjects were found");
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int NameToNumberCold()
    {
        int found = 0;
        NameTable names = _index.Names("document");
        for (int i = 0; i < Batch; i++)
        {
            if (names.Find(_names[i]) == _hits[i].Document) found++;
            Fence();
        }
        return Expect(found, Batch);
    }

    private EdgeStore Viewers => _viewers ??= _index.Edge("document#viewer@user");
    private EdgeStore Editors => _editors ??= _index.Edge("document#editor@user");
    private EdgeStore Groups => _groups ??= _index.Edge("document#viewer@group#member");
    private EdgeStore Members => _members ??= _index.Edge("group#member@user");

    private int Probe((uint Document, uint User)[] questions)
    {
        int found = 0;
        EdgeStore viewers = Viewers;
        for (int i = 0; i < questions.Length; i++)
        {
            (uint document, uint user) = questions[i];
            if (viewers.TryFind(document, user, Now, out _)) found++;
            Fence();
        }
        return found;
    }

    /// <summary>What was guessed ahead does not count: the processor goes on once every load before is there.</summary>
    private static void Fence()
    {
        if (Sse2.IsSupported) Sse2.LoadFence();
        else Thread.MemoryBarrier();
    }

    private (uint, uint)[] MakeTuples(Random random, out uint documents, out uint users)
    {
        users = (uint)(Tuples / 5 + 1);
        uint set = 0;
        var tuples = new HashSet<(uint, uint)>(Tuples + 300);
        while (tuples.Count < Tuples)
        {
            set++;
            int size = random.Next(2000) switch { < 1600 => 1, < 1900 => random.Next(2, 7), < 1990 => random.Next(10, 31), _ => random.Next(100, 301) };
            for (int i = 0; i < size; i++) tuples.Add((set, (uint)random.Next(1, (int)users + 1)));
        }
        documents = set / 2 + 1;
        (uint, uint)[] shuffled = [.. tuples];
        random.Shuffle(shuffled);
        return shuffled;
    }

    private void BindNames(string type, uint count)
    {
        NameTable names = _index.Names(type);
        for (uint i = 1; i <= count; i++) names.Bind(i, NameOf(type, i));
    }

    private static string NameOf(string type, uint number) => $"{type}-{number:D12}";

    private static uint[] MakeChain(Random random, int lines)
    {
        const int LineWords = 16;
        uint[] chain = GC.AllocateUninitializedArray<uint>(lines * LineWords, pinned: true);
        HugePages.Advise(Marshal.UnsafeAddrOfPinnedArrayElement(chain, 0), (ulong)lines * 64);
        int[] order = [.. Enumerable.Range(0, lines)];
        random.Shuffle(order);
        for (int i = 0; i < lines; i++) chain[order[i] * LineWords] = (uint)order[(i + 1) % lines] * LineWords;
        return chain;
    }

    private long Bytes()
    {
        _index.Memory.Limbo.Drain();
        return _index.Memory.Blocks.Used + _index.Memory.Texts.Used;
    }

    private static int Expect(int found, int expected) =>
        found == expected ? found : throw new InvalidOperationException($"{found} were found, and {expected} should be");

    private static int ExpectAtMost(int found, int most) =>
        found <= most ? found + 1 : throw new InvalidOperationException($"{found} were found, and at most {most} should be");
}
