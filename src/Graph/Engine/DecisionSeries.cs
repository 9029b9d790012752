using AuthzGraph.Graph.Index;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// Decides many questions by number at one snapshot and with one context, in one pooled scope. It stays in its epoch until it is
/// disposed of, so it is for a bounded number of questions: the writer's leavings wait so long. Not held across an <c>await</c>.
/// </summary>
internal readonly ref struct DecisionSeries
{
    private readonly ScopePool.Spare _spare;
    private readonly DecisionScope _scope;

    /// <exception cref="RejectionException">The revision or the instant lies behind the horizon.</exception>
    public DecisionSeries(ScopePool pool, BoundSchema bound, Revision revision, Instant now, Limits limits, string? contextJson)
    {
        _spare = pool.MySpare;
        _scope = _spare.Get();
        try
        {
            _scope.Enter(bound, revision, now, limits, contextJson);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The scope, which holds what the last decision learnt: its chain, its witness, what is missing.</summary>
    public DecisionScope Scope => _scope;

    /// <summary>Decides in whatever mode the question asks for (DESIGN §5). The limits count for each question by itself.</summary>
    /// <exception cref="RejectionException">A limit was reached.</exception>
    public Ruling Decide(in ResolvedQuestion question, bool explain = false)
    {
        _scope.Renew();
        return Decider.Decide(_scope, question, explain);
    }

    public void Dispose()
    {
        _scope.Leave();
        _spare.Return(_scope);
    }
}

/// <summary>What was decided, by number. <paramref name="Verdict"/> says why not; <paramref name="Until"/> how long it holds by itself.</summary>
internal readonly record struct Ruling(Outcome Outcome, Verdict Verdict, Instant Until);
