using AuthzGraph.Graph.Counting;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine;

/// <summary>From a question in names to an answer in names.</summary>
internal static class Asking
{
    /// <param name="scope">Entered, and the question's context given to it.</param>
    /// <param name="use">What it counts as.</param>
    /// <exception cref="RejectionException">An unknown type or permission, a malformed question, a limit reached.</exception>
    public static Answer Ask(DecisionScope scope, BoundSchema bound, in CheckQuestion question, Evidence? evidence, SnapshotUse use)
    {
        ResolvedQuestion resolved = ResolvedQuestion.Of(bound, question);
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
