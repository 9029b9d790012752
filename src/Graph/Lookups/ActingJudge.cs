using AuthzGraph.Graph.Engine;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Lookups;

/// <summary>Asks whether a presenter may do this to an object on another's authority: the whole decision, of results alone.</summary>
/// <param name="plain">Asks about what is on the way; null: nothing there needs asking.</param>
internal sealed class ActingJudge(ResolvedQuestion question, PlainJudge? plain) : ILookupJudge
{
    public bool SeesAll => false;

    public Truth Judge(DecisionScope scope, Place place, uint number)
    {
        if (!place.IsResult) return plain?.Judge(scope, place, number) ?? Truth.Conditional;
        return Decide(scope, question with { Resource = new ObjectKey(question.Resource.Type, number) });
    }

    /// <summary>A decision as one of the four values; an unknown one leaves as the rejection it is.</summary>
    public static Truth Decide(DecisionScope scope, in ResolvedQuestion asked)
    {
        scope.Renew();
        return Decider.Decide(scope, asked, explain: false).Outcome switch
        {
            Outcome.Permitted => Truth.Member,
            Outcome.Conditional => Truth.Conditional,
            _ => Truth.NotMember,
        };
    }
}
