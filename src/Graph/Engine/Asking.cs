using AuthzGraph.Graph.Counting;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine;

/// <summary>From a question in names to an answer in names.</summary>
internal static class Asking
{
    /// <param name="scope">Entered, and the question's context given to it.</param>
    /// <param name="use">What it counts as.</param>
    /// <param name="resolved">The same question.</param>
    /// <exception cref="RejectionException">A limit was reached.</exception>
    public static Answer Ask(DecisionScope scope, in CheckQuestion question, in ResolvedQuestion resolved, Evidence? evidence, SnapshotUse use)
    {
        scope.Renew();
        Ruling ruling = Decider.Decide(scope, resolved, explain: evidence is not null);
        scope.Count(resolved, ruling, use);
        var names = new QuestionNames(scope, question, resolved);
        evidence?.Fill(scope, names, ruling.Verdict);
        return new Answer
        {
            Outcome = ruling.Outcome,
            Missing = scope.MissingNames(),
            Code = ruling.Verdict.Code,
            Hop = ruling.Verdict.Hop,
            Object = ruling.Verdict.IsPermit ? default : names.Of(ruling.Verdict.Object),
            ValidUntil = ruling.Until,
        };
    }
}
