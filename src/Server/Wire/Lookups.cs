using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using FoundSubject = AuthzGraph.Protocol.V1.FoundSubject;

namespace AuthzGraph.Server.Wire;

/// <summary>Lookups, in both directions.</summary>
internal static class Lookups
{
    /// <param name="most">How many results are given at most, whatever is asked for; null: no bound.</param>
    public static ResourceLookupRequest ToModel(this LookupResourcesRequest wire, int? most) => new()
    {
        ResourceType = wire.ResourceType,
        Permission = wire.Permission,
        Subject = wire.Subject.ToModel(),
        Acting = wire.Acting.ToModel(),
        ContextJson = Contexts.ToJson(wire.Context),
        Limit = Limit(wire.Limit, most),
        Cursor = wire.Cursor.OrNull(),
    };

    /// <inheritdoc cref="ToModel(LookupResourcesRequest, int?)"/>
    public static SubjectLookupRequest ToModel(this LookupSubjectsRequest wire, int? most) => new()
    {
        Resource = wire.Resource.ToResource(),
        Permission = wire.Permission,
        SubjectType = wire.SubjectType,
        SubjectRelation = wire is { Acting: true, SubjectRelation.Length: > 0 }
            ? throw Rejection.Invalid("ACTING_TYPE", "who acts is an agent, never a userset: leave `subject_relation` out")
            : wire.SubjectRelation.OrNull(),
        ContextJson = Contexts.ToJson(wire.Context),
        Limit = Limit(wire.Limit, most),
        Cursor = wire.Cursor.OrNull(),
    };

    /// <summary>The resource at hand.</summary>
    public static Protocol.V1.FoundResource ToWire(this ResourceLookup lookup) => new() { Id = lookup.Id, MissingContext = { lookup.Missing } };

    /// <summary>The subject at hand.</summary>
    public static FoundSubject ToWire(this SubjectLookup lookup) =>
        new() { Id = lookup.Id, MissingContext = { lookup.Missing }, Excluded = { lookup.Excluded } };

    /// <summary>One who acts, with the chain.</summary>
    public static FoundSubject ToWire(this FoundActing found) => new()
    {
        Id = found.Presenter.Id,
        MissingContext = { found.Answer.Missing },
        Delegation = found.Leaf.ToWire(),
        Explanation = found.Evidence.ToWire(),
        ValidUntil = Times.ToWire(found.Answer.ValidUntil),
    };

    private static int? Limit(uint asked, int? most)
    {
        if (asked == 0) return most;
        int limit = (int)Math.Min(asked, int.MaxValue);
        return most is { } bound ? Math.Min(limit, bound) : limit;
    }
}
