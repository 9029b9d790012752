using AuthzGraph.Cli.Network;
using AuthzGraph.Protocol.V1;
using Kind = AuthzGraph.Protocol.V1.RemedyStep.Types.Kind;

namespace AuthzGraph.Cli.Printing;

/// <summary>What would turn a denial into a permit, in words: a paragraph for each way, its relationships under each step.</summary>
internal static class RemedyText
{
    public static IEnumerable<string> Of(Decision decision)
    {
        if (decision.Explanation.Remedies.Count == 0) return ["nothing was found that would"];
        return decision.Explanation.Remedies.SelectMany((remedy, i) => Of(remedy).Prepend(i > 0 ? "or" : "").Where(line => line.Length > 0));
    }

    private static IEnumerable<string> Of(Remedy remedy)
    {
        foreach (RemedyStep step in remedy.Steps)
        {
            yield return Sentence(step);
            foreach (RelationshipUpdate update in step.Updates) yield return $"  {Sign(update)} {update.Relationship.Text()}";
        }
        if (remedy.Delegation is { } hop) yield return $"then ask with --acting-delegation {hop.Text()}";
    }

    private static string Sentence(RemedyStep step)
    {
        Relationship first = step.Updates[0].Relationship;
        string resource = first.Resource.Text();
        string subject = first.Subject.Text();
        return step.Kind switch
        {
            Kind.Grant => $"{subject} becomes {first.Relation} of {resource}",
            Kind.Lift => $"{subject} is {first.Relation} of {resource} no longer",
            Kind.Resume => $"the suspension of {resource} is lifted",
            Kind.Sponsor => $"{subject} answers for {resource}",
            Kind.Approve => $"{subject} approves {resource}",
            Kind.Delegate => Lending(step),
            _ => "for a reason this version does not know",
        };
    }

    /// <summary>The delegator is written first, the delegate second, what is lent last.</summary>
    private static string Lending(RemedyStep step)
    {
        Relationship lent = step.Updates[^1].Relationship;
        string from = step.Updates[0].Relationship.Subject.Text();
        string to = step.Updates[1].Relationship.Subject.Text();
        return $"{from} lends {lent.Relation} on {lent.Subject.Text()} to {to} by a new hop, called what you like";
    }

    private static char Sign(RelationshipUpdate update) => update.Operation == RelationshipUpdate.Types.Operation.Delete ? '-' : '+';
}
