using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>The Zanzibar check: is the subject in <c>resource#member</c>?</summary>
internal static class PlainChecker
{
    /// <summary>Whether the subject is in <c>resource#member</c>. Adds nothing to the scope's <c>Until</c>.</summary>
    /// <param name="wildcardsProve">False when only subjects that are named count (sponsors): then wildcards match only what is subtracted.</param>
    public static Finding Check(DecisionScope scope, ObjectKey resource, MemberId member, SubjectKey subject, bool wildcardsProve = true)
    {
        scope.Ask(subject, wildcardsProve);
        return scope.Plans[member].Check(scope, resource.Number, Place.Start(scope.NewRegion()));
    }
}
