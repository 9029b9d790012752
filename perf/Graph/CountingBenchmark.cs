using AuthzGraph.Graph;
using AuthzGraph.Model;
using BenchmarkDotNet.Attributes;

namespace AuthzGraph.Perf.Graph;

/// <summary>
/// What counting a decision costs its check: the same questions, about 16 documents so that nothing else is waited for, asked of a snapshot
/// that is counted and of one that is not.
/// </summary>
[Config(typeof(PerfConfig))]
[MemoryDiagnoser]
public class CountingBenchmark
{
    private const int Batch = 1024;

    private readonly CheckQuestion[] _direct = new CheckQuestion[Batch];
    private readonly CheckQuestion[] _delegated = new CheckQuestion[Batch];
    private readonly CheckResult[] _results = new CheckResult[Batch];
    private SampleGraph? _sample;

    [Params(false, true)]
    public bool Counted { get; set; }

    public static CountingBenchmark Tiny() => new() { Counted = true };

    private Snapshot Snapshot
    {
        get
        {
            Snapshot snapshot = (_sample ?? throw new InvalidOperationException("run Setup first")).Graph.Snapshot();
            return Counted ? snapshot : snapshot.Uncounted;
        }
    }

    [GlobalSetup]
    public void Setup()
    {
        _sample = SampleGraph.OpenAsync(documents: 16).GetAwaiter().GetResult();
        for (int i = 0; i < Batch; i++)
        {
            int d = i % 16;
            _direct[i] = new CheckQuestion(ObjectRef.Parse($"document:d{d}"), "view", new SubjectRef(ObjectRef.Parse($"user:u{d}")));
            _delegated[i] = new CheckQuestion(ObjectRef.Parse($"document:d{d}"), "view", new SubjectRef(ObjectRef.Parse($"agent:a{d}-4")), new Acting(ObjectRef.Parse($"grant:g{d}-4")));
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _sample?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(OperationsPerInvoke = Batch)]
    public int Direct() => Ask(_direct);

    [Benchmark(OperationsPerInvoke = Batch)]
    public int Delegated() => Ask(_delegated);

    [Benchmark(OperationsPerInvoke = Batch)]
    public int DirectInABatch()
    {
        Snapshot.CheckBatch(_direct, _results);
        int permitted = 0;
        foreach (ref readonly CheckResult result in _results.AsSpan()) permitted += result.Answer.IsPermitted ? 1 : 0;
        return Expect(permitted);
    }

    private int Ask(CheckQuestion[] questions)
    {
        Snapshot snapshot = Snapshot;
        int permitted = 0;
        foreach (ref readonly CheckQuestion question in questions.AsSpan()) permitted += snapshot.Check(question).IsPermitted ? 1 : 0;
        return Expect(permitted);
    }

    private static int Expect(int permitted) => permitted == Batch ? permitted : throw new InvalidOperationException($"{permitted} of {Batch} are permitted");
}
