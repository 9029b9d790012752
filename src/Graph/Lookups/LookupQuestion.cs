using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Lookups;

/// <summary>A lookup as a question about nothing in particular: each object found is put in its place.</summary>
internal static class LookupQuestion
{
    /// <summary>The number of an object that no tuple and no request names: it matches wildcards and nothing else.</summary>
    public const uint Stranger = EdgeStore.FirstUnknown + 0x80;

    private const string Anything = "anything";

    public static ResolvedQuestion OfResources(BoundSchema bound, ResourceLookupRequest request)
    {
        var asked = ResolvedQuestion.Of(bound, new CheckQuestion(new ObjectRef(request.ResourceType, Anything), request.Permission, request.Subject, request.Acting));
        return asked with { Resource = new ObjectKey(asked.Resource.Type, Stranger) };       // there may be an object of any name
    }

    public static ResolvedQuestion OfSubjects(BoundSchema bound, SubjectLookupRequest request) =>
        ResolvedQuestion.Of(bound, new CheckQuestion(
            request.Resource, request.Permission, new SubjectRef(new ObjectRef(request.SubjectType, Anything), request.SubjectRelation)));

    /// <summary>Why a subject is denied whatever the resource; none if that depends on it.</summary>
    public static DenialCode Barred(in Ruling ruling) =>
        ruling.Verdict.Code is DenialCode.PresenterSuspended or DenialCode.NotAutonomous or DenialCode.SponsorMissing or DenialCode.SponsorInactive
            ? ruling.Verdict.Code
            : DenialCode.None;

    /// <summary>The number of a result that was given out before.</summary>
    public static uint NumberOf(string id, ILookupSource source)
    {
        if (source.MadeUp is { } made && made.Id == id) return made.Number;
        return source.Names.Find(id) is not 0 and var number ? number : throw Rejections.InvalidCursor();
    }
}
