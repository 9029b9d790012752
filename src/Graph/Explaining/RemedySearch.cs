using System.Collections.Immutable;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Explaining;

/// <summary>
/// Looks for the fewest steps after which a denied question is permitted: makes what is proposed in a <see cref="Sketch"/>, decides there, and goes
/// on from the next denial, the fewest steps first. So what is told was decided, by the engine itself.
/// </summary>
internal sealed class RemedySearch
{
    private readonly Sketch _sketch;
    private readonly Proposals _proposals;
    private readonly Limits _limits;
    private readonly CheckQuestion _asked;
    private readonly PriorityQueue<Way, (int Steps, int Order)> _left = new();
    private readonly HashSet<string> _seen = [];

    private RemedySearch(Sketch sketch, CheckQuestion asked, string freshId, Limits limits) =>
        (_sketch, _asked, _limits, _proposals) = (sketch, asked, limits, new Proposals(sketch, freshId));

    private sealed record Way(ImmutableArray<RemedyStep> Steps, ObjectRef? Delegation)
    {
        public IEnumerable<TupleUpdate> Updates => Steps.SelectMany(step => step.Updates);

        public string Text => string.Join('\n', Updates.Select(update => $"{update.Kind} {update.Tuple}").Order(StringComparer.Ordinal));
    }

    /// <summary>Adds to the evidence of a denial what would turn it into a permit.</summary>
    /// <exception cref="RejectionException">The snapshot is too old by now.</exception>
    public static void Fill(Evidence evidence, Snapshot snapshot, CheckQuestion question, Limits limits)
    {
        if (Gather(snapshot, question, limits) is not ({ } tuples, var freshId)) return;
        var sketch = new Sketch(snapshot, question.ContextJson, limits, tuples);
        evidence.Remedies.AddRange(new RemedySearch(sketch, question, freshId, limits).Find());
    }

    private static (List<RelationTuple>? Tuples, string FreshId) Gather(Snapshot snapshot, CheckQuestion question, Limits limits)
    {
        using DecisionSeries series = snapshot.Series(question.ContextJson);
        ResolvedQuestion resolved = ResolvedQuestion.Of(snapshot.Bound, question);
        return (Neighbourhood.Of(series.Scope, resolved, limits.RemedyTuples), FreshId(snapshot));
    }

    /// <summary>What a hop may be called, whatever its type: nothing is called so yet.</summary>
    private static string FreshId(Snapshot snapshot)
    {
        ImmutableArray<ObjectType> hops = [.. snapshot.Schema.Types.Where(type => type.Role is Role.Delegation)];
        string id = "new";
        for (int i = 2; hops.Any(type => snapshot.Bound[type.Id].Find(id) != 0); i++) id = $"new-{i}";
        return id;
    }

    private IEnumerable<Remedy> Find()
    {
        int found = 0;
        _left.Enqueue(new Way([], null), (0, 0));
        while (found < _limits.RemediesPerDecision && !_sketch.IsSpent && _left.TryDequeue(out Way? way, out _))
        {
            if (!Try(way) || way.Steps.IsEmpty) continue;
            found++;
            yield return new Remedy(way.Steps, way.Delegation);
        }
    }

    /// <summary>Whether it leads to a permit; if not, what is proposed next is put in line.</summary>
    private bool Try(Way way)
    {
        CheckQuestion question = way.Delegation is { } hop ? _asked with { Acting = _asked.Acting with { Delegation = hop } } : _asked;
        List<TupleUpdate> back = _sketch.Make(way.Updates);
        Tried? tried = _sketch.Decide(question);
        if (tried is { Answer.Outcome: Outcome.Denied }) GoOn(way, _proposals.For(question, tried));
        _sketch.Make(back);
        return tried is { Answer.IsPermitted: true };
    }

    private void GoOn(Way way, IEnumerable<Proposal> proposals)
    {
        foreach (Proposal proposal in proposals)
        {
            Way next = new([.. way.Steps, .. proposal.Steps], proposal.Delegation ?? way.Delegation);
            bool delegatesTwice = next.Steps.Count(step => step.Kind == RemedyKind.Delegate) > 1;
            if (delegatesTwice || next.Steps.Length > _limits.StepsPerRemedy || !_seen.Add(next.Text)) continue;
            _left.Enqueue(next, (next.Steps.Length, _seen.Count));
        }
    }
}
