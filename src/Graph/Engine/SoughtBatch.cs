using AuthzGraph.Graph.Index;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine;

/// <summary>A group of questions, taken through the steps of <see cref="SoughtQuestion"/> together, so that their misses overlap.</summary>
internal sealed class SoughtBatch
{
    /// <summary>How many questions are taken together; a processor has room for about a dozen misses at a time.</summary>
    public const int Size = 32;

    private const int GraphSteps = 3;

    private readonly SoughtQuestion[] _sought = new SoughtQuestion[Size];
    private BoundSchema? _bound;

    /// <summary>Up to the last step.</summary>
    public void Seek(BoundSchema bound, ReadOnlySpan<CheckQuestion> questions)
    {
        Begin(bound);
        Span<SoughtQuestion> sought = _sought.AsSpan(0, questions.Length);
        for (int i = 0; i < sought.Length; i++) sought[i].Seek(bound, questions[i]);
        foreach (ref SoughtQuestion question in sought) question.Reach(bound);
        foreach (ref SoughtQuestion question in sought) question.Guess(bound);
        for (int step = 1; step < GraphSteps; step++)
            foreach (ref SoughtQuestion question in sought) question.Prefetch(bound, step);
    }

    /// <summary>The last step of the question at a place among those that were sought.</summary>
    /// <inheritdoc cref="SoughtQuestion.Resolve"/>
    public ResolvedQuestion Resolve(BoundSchema bound, int place, in CheckQuestion question) => _sought[place].Resolve(bound, question);

    /// <summary>All steps of one question.</summary>
    /// <inheritdoc cref="SoughtQuestion.Resolve"/>
    public ResolvedQuestion Resolve(BoundSchema bound, in CheckQuestion question)
    {
        Begin(bound);
        return _sought[0].Pursue(bound, question);
    }

    /// <summary>What was sought in another schema says nothing of this one.</summary>
    private void Begin(BoundSchema bound)
    {
        if (ReferenceEquals(_bound, bound)) return;
        Array.Clear(_sought);
        _bound = bound;
    }
}
