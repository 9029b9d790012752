using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Lookups;

/// <summary>A lookup as a question about nothing in particular: each object found is put in its place.</summary>
internal static class LookupQuestion
{
    private const string Anything = "anything";

    public static ResolvedQuestion OfResources(BoundSchema bound, ResourceLookupRequest request) =>
        ResolvedQuestion.Of(bound, new CheckQuestion(new ObjectRef(request.ResourceType, Anything), request.Permission, request.Subject, request.Acting));

    /// <summary>Why a subject is denied whatever the resource; none if that depends on it.</summary>
    public static DenialCode Barred(in Ruling ruling) =>
        ruling.Verdict.Code is DenialCode.PresenterSuspended or DenialCode.NotAutonomous or DenialCode.SponsorMissing or DenialCode.SponsorInactive
            ? ruling.Verdict.Code
            : DenialCode.None;
}
