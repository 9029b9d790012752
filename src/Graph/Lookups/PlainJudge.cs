using AuthzGraph.Graph.Engine;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>Asks whether one subject is in a relation or permission of an object: the plain check.</summary>
internal sealed class PlainJudge(SubjectKey subject) : ILookupJudge
{
    public bool SeesAll => false;

    public Truth Judge(DecisionScope scope, Place place, uint number)
    {
        MemberId member = place.Member ?? throw new InvariantException("only a member of an object is asked about");
        scope.Renew();
        return PlainChecker.Check(scope, new ObjectKey(place.Type, number), member, subject).Truth;
    }
}
