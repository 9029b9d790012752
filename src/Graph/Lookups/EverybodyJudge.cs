using System.Collections.Immutable;
using AuthzGraph.Graph.Engine;

namespace AuthzGraph.Graph.Lookups;

/// <summary>
/// Compares those whom any edge names with a stranger, for whom a wildcard stands: who is denied is excluded, and who was not given out yet and
/// fares otherwise than the stranger is given out.
/// </summary>
/// <param name="stranger">Not a member where no wildcard is given out: then nobody is excluded either.</param>
internal sealed class EverybodyJudge(SubjectJudge judge, Truth stranger, ImmutableArray<string> missing, Predicate<uint> isGiven) : ILookupJudge
{
    public HashSet<uint> Excluded { get; } = [];

    public bool SeesAll => true;

    public Truth Judge(DecisionScope scope, Place place, uint number)
    {
        Truth truth = judge.Judge(scope, place, number);
        if (!place.IsResult) return truth;
        if (truth == Truth.NotMember) Exclude(scope, number);
        return isGiven(number) || IsLikeStranger(scope, truth) ? Truth.NotMember : truth;
    }

    /// <summary>Takes note of somebody the wildcard does not stand for.</summary>
    public void Exclude(DecisionScope scope, uint number)
    {
        if (stranger == Truth.NotMember) return;
        Excluded.Add(number);
        if (Excluded.Count > scope.Limits.LookupExclusions) throw Rejections.LookupExclusions(scope.Limits.LookupExclusions);
    }

    private bool IsLikeStranger(DecisionScope scope, Truth truth) =>
        truth == stranger && (truth != Truth.Conditional || scope.MissingNames().SequenceEqual(missing));
}
