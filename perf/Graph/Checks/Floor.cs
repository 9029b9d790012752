using System.Globalization;
using AuthzGraph.Graph;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Model;

namespace AuthzGraph.Perf.Graph.Checks;

/// <summary>
/// The least that a cold check can take (DESIGN §9): what has to be fetched one after the other, each L, and what can be fetched side by side, 12 ns each.
/// </summary>
/// <param name="Misses">
/// Dependent ones. An object's lists can be fetched once the object is known: those of the question are; another is told by a list of one that was fetched.
/// A window is two loads further: the list's word leads to a slot, the slot to a record. What was written together lies together, so one load may bring several.
/// </param>
/// <param name="Pages">Of 4 KiB, read by one check and not by the next: as Linux counts them, of many checks, divided by their number. Of each, one line is taken to be read, which is the least.</param>
internal readonly record struct Floor(int Misses, double Pages)
{
    private const int Rounds = 9;
    private const int Asked = 64;
    private const int WindowMisses = 2;
    private const double LineNanoseconds = 12;
    private const int SweptBytes = 64 << 20;

    public double Nanoseconds(double load) => Misses * load + Pages * LineNanoseconds;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Misses} L + {Pages:F0} pages");

    /// <summary>Of each class, by name of the class; empty where the system does not count pages. Asks by number, of a graph of its own.</summary>
    public static async Task<IReadOnlyDictionary<string, Floor>> CountAsync(int documents, TimeSpan age)
    {
        if (!ReferencedPages.CanBeCounted) return new Dictionary<string, Floor>();
        ReferencedPages.AllowHuge(false);
        try
        {
            var time = new JumpingTime();
            await using SampleGraph sample = await SampleGraph.OpenAsync(documents, time);
            time.Jump(age);
            await sample.Graph.ReclaimAsync();
            Snapshot snapshot = sample.Graph.Snapshot();
            var swept = new LoadChain(new Random(1), SweptBytes);
            int[] asked = [.. Enumerable.Range(0, sample.Documents)];
            new Random(3).Shuffle(asked);
            return CheckClass.All.ToDictionary(kind => kind.Name, kind => new Floor(CountMisses(snapshot, kind.Question(0)), CountPages(snapshot, kind, asked, swept)));
        }
        finally
        {
            ReferencedPages.AllowHuge(true);
        }
    }

    /// <summary>What runs beside us, a collector or a compiler, only ever adds pages: so the least of some counts is taken.</summary>
    private static double CountPages(Snapshot snapshot, CheckClass kind, int[] documents, LoadChain swept)
    {
        int count = Math.Min(Asked, documents.Length / (Rounds + 1));
        var warm = new Questions(kind, snapshot, documents[..count]);
        (int without, int with) = (int.MaxValue, int.MaxValue);
        for (int round = 1; round <= Rounds; round++)
        {
            var questions = new Questions(kind, snapshot, documents[(round * count)..((round + 1) * count)]);
            Ask(snapshot, kind, warm, count);
            without = Math.Min(without, ReferencedPages.Count(() => swept.Sweep(SweptBytes), () => { }));
            Ask(snapshot, kind, warm, count);
            with = Math.Min(with, ReferencedPages.Count(() => swept.Sweep(SweptBytes), () => Ask(snapshot, kind, questions, count)));
        }
        return Math.Max(0, with - without) / (double)count;
    }

    private static void Ask(Snapshot snapshot, CheckClass kind, Questions questions, int count) =>
        CheckTimes.Expect(CheckTimes.ByNumber(snapshot, questions, 0, count), kind.IsPermitted, count);

    /// <summary>The longest way from what the question names to what has to be read for its answer.</summary>
    private static int CountMisses(Snapshot snapshot, in CheckQuestion question)
    {
        var evidence = new Evidence();
        bool permitted = snapshot.Check(question, evidence).IsPermitted;
        HashSet<ObjectRef> read = [question.Resource, .. evidence.Sponsors.Select(sponsor => sponsor.Agent), .. evidence.Witness.Select(tuple => tuple.Resource)];
        foreach (HopReport hop in evidence.Chain)
        {
            read.Add(hop.Hop);
            if (hop.Task is { } task) read.Add(task);
        }
        var known = new Dictionary<ObjectRef, int> { [question.Resource] = 0, [question.Subject.Object] = 0 };
        if (question.Acting.Delegation is { } leaf) known[leaf] = 0;
        else if (evidence.Chain is [.., { } found]) known[found.Hop] = 1;      // told by what leads back from the presenter
        if (question.Acting.Root is { } root) known[root] = 0;
        int most = permitted ? 0 : 1;
        for (var next = new Queue<ObjectRef>(known.Keys.Where(read.Contains)); next.TryDequeue(out ObjectRef from);)
            foreach (RelationTuple tuple in snapshot.Read(new TupleFilter { ResourceType = from.Type, ResourceId = from.Id }))
            {
                int behind = known[from] + 1;
                most = Math.Max(most, behind + (tuple.Window == Window.Always ? 0 : WindowMisses));
                if (read.Contains(tuple.Subject.Object) && known.TryAdd(tuple.Subject.Object, behind)) next.Enqueue(tuple.Subject.Object);
            }
        return most;
    }
}
