using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using AuthzGraph.Graph;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Model;

namespace AuthzGraph.Perf.Graph.Checks;

/// <summary>
/// What a check of each class of DESIGN §9 takes, in nanoseconds of this thread's own time and in L, one dependent load from memory,
/// measured beside it. A fence ends each check, so none overlaps the next. <i>Cold</i>: every question is about another document, and before each
/// batch the caches are swept, after which only the code is warm again. <i>Hot</i>: the questions are about 16 documents.
/// <i>Batched</i>: as cold by name, but asked as one batch. <i>Floor</i>: of cold, by id (<see cref="Checks.Floor"/>).
/// Every answer is checked. Figures are medians.
/// </summary>
internal sealed class CheckTimes
{
    private const int Batch = 64;
    private const int HotDocuments = 16;
    private const int SweptBytes = 16 << 20;
    private const int ChainBytes = 512 << 20;
    private const int HotRounds = 64;
    private const int MostCounted = 1 << 15;

    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(1);

    private readonly AuthorizationGraph _graph;
    private readonly LoadChain _chain;
    private readonly int[] _documents;
    private readonly int _rounds;
    private readonly CheckResult[] _results = new CheckResult[Batch];
    private long _sink;

    private CheckTimes(AuthorizationGraph graph, int[] documents, int chainBytes, int rounds)
    {
        (_graph, _documents, _rounds) = (graph, documents, rounds);
        _chain = new LoadChain(new Random(1), chainBytes);
    }

    /// <summary>A line per class, as it is measured.</summary>
    /// <param name="tuples">How many the sample has: rounded down to whole documents.</param>
    /// <param name="age">How long ago all was written: more than the retention, and it is behind the horizon.</param>
    public static async IAsyncEnumerable<string> RunAsync(int tuples, string only, TimeSpan age, int chainBytes = ChainBytes, int rounds = 9)
    {
        int least = Math.Max(tuples / SampleGraph.TuplesPerDocument, HotDocuments);
        IReadOnlyDictionary<string, Floor> floors = await Floor.CountAsync(Math.Min(least, MostCounted), age);
        var time = new JumpingTime();
        await using SampleGraph sample = await SampleGraph.OpenAsync(least, time);
        time.Jump(age);
        await sample.Graph.ReclaimAsync();
        int[] documents = [.. Enumerable.Range(0, sample.Documents)];
        new Random(2).Shuffle(documents);
        var times = new CheckTimes(sample.Graph, documents[..Math.Min(documents.Length, 1 << 13)], chainBytes, rounds);
        yield return $"{sample.Documents * (long)SampleGraph.TuplesPerDocument} tuples; {sample.Graph.Memory}";
        yield return $"{"",-22} {"L",6} | {"cold, by id",16} {"hot",7} | {"cold, by name",16} {"hot",7} | {"batched",16} | goal{"",39} | floor";
        foreach (CheckClass kind in CheckClass.All)
            if (kind.Name.Contains(only, StringComparison.Ordinal)) yield return times.Measure(kind, floors.TryGetValue(kind.Name, out Floor floor) ? floor : null);
    }

    private string Measure(CheckClass kind, Floor? floor)
    {
        Snapshot snapshot = _graph.Snapshot();
        int[] few = [.. Enumerable.Range(0, Batch * HotRounds).Select(i => _documents[i % HotDocuments])];
        var cold = new Questions(kind, snapshot, _documents);
        var hot = new Questions(kind, snapshot, few);
        int length = _documents.Length / Batch * Batch;
        (double load, double coldById) = Cold(cold, hot, length, kind.IsPermitted, ByNumber);
        double hotById = Hot(hot, kind.IsPermitted, ByNumber);
        (double loadAgain, double coldByName) = Cold(cold, hot, length, kind.IsPermitted, ByName);
        double hotByName = Hot(hot, kind.IsPermitted, ByName);
        (double loadBatched, double batched) = Cold(cold, hot, length, kind.IsPermitted, Together);
        return $"{kind.Name,-22} {(load + loadAgain) / 2,6:F0} | {coldById,7:F0} {coldById / load,6:F2} L {hotById,7:F0} | {coldByName,7:F0} {coldByName / loadAgain,6:F2} L {hotByName,7:F0} | {batched,7:F0} {batched / loadBatched,6:F2} L | {kind.Goal,-43} | {Beside(floor, load, coldById)}";
    }

    private static string Beside(Floor? counted, double load, double cold) => counted is { } floor
        ? $"{floor} = {floor.Nanoseconds(load):F0} ns, took {cold / floor.Nanoseconds(load):F2} times"
        : "not counted: this system does not tell";

    private (double Load, double Check) Cold(Questions cold, Questions hot, int length, bool permitted, Func<Snapshot, Questions, int, int, int> ask)
    {
        WarmUp(hot, permitted, ask);
        var loads = new List<double>();
        var checks = new List<double>();
        for (int round = 0; round < _rounds; round++)
        {
            loads.Add(_chain.Measure());
            long spent = 0;
            for (int from = 0; from < length; from += Batch)
            {
                Snapshot snapshot = _graph.Snapshot();
                _sink += _chain.Sweep(SweptBytes) + cold.Touch(from, Batch) + ask(snapshot, hot, 0, HotDocuments);
                long start = ThreadClock.Nanoseconds;
                int found = ask(snapshot, cold, from, Batch);
                spent += ThreadClock.Nanoseconds - start;
                Expect(found, permitted, Batch);
            }
            checks.Add(spent / (double)length);
        }
        return (Median(loads), Median(checks));
    }

    /// <summary>Until the runtime has compiled it for good, which it does beside us.</summary>
    private void WarmUp(Questions hot, bool permitted, Func<Snapshot, Questions, int, int, int> ask)
    {
        long start = Stopwatch.GetTimestamp();
        do Expect(ask(_graph.Snapshot(), hot, 0, Batch), permitted, Batch);
        while (_rounds > 1 && Stopwatch.GetElapsedTime(start) < WarmUpTime);
    }

    private double Hot(Questions hot, bool permitted, Func<Snapshot, Questions, int, int, int> ask)
    {
        var checks = new List<double>();
        for (int round = 0; round < _rounds * 3; round++)
        {
            Snapshot snapshot = _graph.Snapshot();
            long start = ThreadClock.Nanoseconds;
            int found = ask(snapshot, hot, 0, hot.Named.Length);
            checks.Add((ThreadClock.Nanoseconds - start) / (double)hot.Named.Length);
            Expect(found, permitted, hot.Named.Length);
        }
        return Median(checks);
    }

    private static int ByName(Snapshot snapshot, Questions questions, int from, int count)
    {
        int found = 0;
        for (int i = from; i < from + count; i++)
        {
            if (snapshot.Check(questions.Named[i]).IsPermitted) found++;
            Fence();
        }
        return found;
    }

    private int Together(Snapshot snapshot, Questions questions, int from, int count)
    {
        Span<CheckResult> results = _results.AsSpan(0, count);
        snapshot.CheckBatch(questions.Named.AsSpan(from, count), results);
        int found = 0;
        foreach (ref readonly CheckResult result in results)
            if (result.Answer.IsPermitted) found++;
        Fence();
        return found;
    }

    public static int ByNumber(Snapshot snapshot, Questions questions, int from, int count)
    {
        int found = 0;
        using DecisionSeries series = snapshot.Series(contextJson: null);
        for (int i = from; i < from + count; i++)
        {
            if (series.Decide(questions.Resolved[i]).Outcome == Outcome.Permitted) found++;
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

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    public static void Expect(int found, bool permitted, int asked)
    {
        if (found != (permitted ? asked : 0)) throw new InvalidOperationException($"{found} of {asked} were permitted");
    }
}
