using AuthzGraph.Graph;
using AuthzGraph.Model;
using BenchmarkDotNet.Attributes;

namespace AuthzGraph.Perf.Graph;

/// <summary>
/// Single checks from names, in process, one thread. Each benchmark asks as many different questions as
/// <see cref="Questions"/> says, in a shuffled order, and fails if one answer is not the one known beforehand.
/// The baseline is the same direct question put to a <see cref="HashSet{T}"/> of tuples.
/// </summary>
[Config(typeof(PerfConfig))]
[MemoryDiagnoser]
public class CheckBenchmark
{
    private const int Batch = 1024;

    private readonly Dictionary<string, CheckQuestion[]> _questions = [];
    private readonly HashSet<(ObjectRef, string, SubjectRef)> _tuples = [];
    private SampleGraph? _sample;

    /// <summary>Documents in the graph, 40 tuples each.</summary>
    [Params(10_000)]
    public int Documents { get; set; } = 10_000;

    /// <summary>How many different documents are asked about: few stay in the processor's caches, many do not.</summary>
    [Params(16, 1024)]
    public int Questions { get; set; } = 16;

    /// <summary>The same with few documents, for the tests.</summary>
    public static CheckBenchmark Tiny() => new() { Documents = 20, Questions = 16 };

    private AuthorizationGraph Store => (_sample ?? throw new InvalidOperationException("run Setup first")).Graph;

    [GlobalSetup]
    public void Setup()
    {
        _sample = SampleGraph.OpenAsync(Documents).GetAwaiter().GetResult();
        var random = new Random(1);
        int[] documents = [.. Enumerable.Range(0, Batch).Select(_ => random.Next(Math.Min(Questions, Documents)) * (Documents / Math.Min(Questions, Documents)))];
        Prepare("direct", documents, i => Question($"document:d{i}#view@user:u{i}"));
        Prepare("denied", documents, i => Question($"document:d{i}#edit@user:m{i}"));
        Prepare("group", documents, i => Question($"document:d{i}#read@user:m{i}"));
        Prepare("arrow", documents, i => Question($"document:d{i}#reach@user:boss"));
        Prepare("exclusion", documents, i => Question($"document:d{i}#edit@user:u{i}"));
        Prepare("delegated", documents, i => Question($"document:d{i}#view@agent:a{i}-4") with { Acting = new Acting(ObjectRef.Parse($"grant:g{i}-4")) });
        Prepare("discovered", documents, i => Question($"document:d{i}#view@agent:a{i}-4") with { Acting = new Acting(Root: ObjectRef.Parse($"user:u{i}")) });
        for (int i = 0; i < Documents; i++) _tuples.Add((new ObjectRef("document", $"d{i}"), "view", new SubjectRef(new ObjectRef("user", $"u{i}"))));
    }

    [GlobalCleanup]
    public void Cleanup() => _sample?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(Baseline = true, OperationsPerInvoke = Batch)]
    public int HashSetOfTuples()
    {
        int found = 0;
        foreach (CheckQuestion question in _questions["direct"])
            if (_tuples.Contains((question.Resource, question.Permission, question.Subject))) found++;
        return Expect(found, Batch);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int Direct() => Ask("direct", permitted: Batch);

    [Benchmark(OperationsPerInvoke = Batch)]
    public int DirectDenied() => Ask("denied", permitted: 0);

    [Benchmark(OperationsPerInvoke = Batch)]
    public int OneGroupHop() => Ask("group", permitted: Batch);

    [Benchmark(OperationsPerInvoke = Batch)]
    public int ArrowsOverFiveFolders() => Ask("arrow", permitted: Batch);

    [Benchmark(OperationsPerInvoke = Batch)]
    public int IntersectionAndExclusion() => Ask("exclusion", permitted: Batch);

    [Benchmark(OperationsPerInvoke = Batch)]
    public int FourHopsNamed() => Ask("delegated", permitted: Batch);

    [Benchmark(OperationsPerInvoke = Batch)]
    public int FourHopsDiscovered() => Ask("discovered", permitted: Batch);

    private int Ask(string kind, int permitted)
    {
        int found = 0;
        AuthorizationGraph graph = Store;
        foreach (ref readonly CheckQuestion question in _questions[kind].AsSpan())
            if (graph.Snapshot().Check(question).IsPermitted) found++;
        return Expect(found, permitted);
    }

    private static int Expect(int found, int expected) =>
        found == expected ? found : throw new InvalidOperationException($"{found} of {Batch} were permitted, and {expected} should be");

    private void Prepare(string kind, int[] documents, Func<int, CheckQuestion> question) => _questions[kind] = [.. documents.Select(question)];

    private static CheckQuestion Question(string text)
    {
        RelationTuple tuple = RelationTuple.Parse(text);
        return new CheckQuestion(tuple.Resource, tuple.Relation, tuple.Subject);
    }
}
