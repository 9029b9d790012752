using AuthzGraph.Graph.Engine;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Lookups;

/// <summary>Asks whether a subject that was found may do this to the resource of a question. What is on the way to subjects is not asked about.</summary>
/// <param name="asksAll">Whether the subject may be barred for another reason than the lack of the permission.</param>
internal sealed class SubjectJudge(ResolvedQuestion question, bool asksAll) : ILookupJudge
{
    public bool SeesAll => false;

    public Truth Judge(DecisionScope scope, Place place, uint number)
    {
        if (!place.IsResult) return Truth.Conditional;
        return asksAll ? Decide(scope, number) : Check(scope, number);
    }

    /// <summary>The plain check alone.</summary>
    public Truth Check(DecisionScope scope, uint number)
    {
        scope.Renew();
        return PlainChecker.Check(scope, question.Resource, question.Member, Subject(number)).Truth;
    }

    /// <summary>The whole decision, as if the subject asked itself.</summary>
    private Truth Decide(DecisionScope scope, uint number)
    {
        scope.Renew();
        return Decider.Decide(scope, question with { Subject = Subject(number) }, explain: false).Outcome switch
        {
            Outcome.Permitted => Truth.Member,
            Outcome.Conditional => Truth.Conditional,
            _ => Truth.NotMember,
        };
    }

    private SubjectKey Subject(uint number) => question.Subject with { Object = question.Subject.Object with { Number = number } };
}
