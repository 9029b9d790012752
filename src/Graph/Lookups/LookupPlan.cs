using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>How a step goes on from an object.</summary>
internal enum StepKind : byte
{
    /// <summary>To the same object, by the schema alone.</summary>
    Stay,

    /// <summary>Along edges, from an object to the resources it is the subject of.</summary>
    ToResources,

    /// <summary>To the resources whose edge names everybody.</summary>
    ToResourcesOfEverybody,

    /// <summary>Along edges, from a resource to its subjects.</summary>
    ToSubjects,
}

/// <summary>One way on from a place.</summary>
/// <param name="Edge">The edges to follow; of no meaning for <see cref="StepKind.Stay"/>.</param>
/// <param name="Target">Index of the place it leads to.</param>
/// <param name="IsSure">Whether what holds before the step holds after it; if not, it only names who is to be asked about.</param>
internal readonly record struct Step(StepKind Kind, EdgeTypeId Edge, int Target, bool IsSure);

/// <summary>
/// What a lookup may find of an object: that a subject is in one of its relations or permissions, or, without a member, that the
/// object itself is reached.
/// </summary>
internal sealed record Place(TypeId Type, MemberId? Member)
{
    public ImmutableArray<Step> Steps { get; init; } = [];

    /// <summary>Objects that get here are what is looked for.</summary>
    public bool IsResult { get; init; }

    /// <summary>It is the result, or leads there without another edge: what leads here is followed first.</summary>
    public bool IsNear { get; init; }
}

/// <summary>
/// Which places a lookup visits and how it gets from one to the next, worked out from the schema once. Places from which the result
/// can't be reached are not in it.
/// </summary>
internal sealed record LookupPlan(ImmutableArray<Place> Places, int Start, int Result)
{
    public Place this[int index] => Places[index];

    /// <summary>The index of a member's place; -1 if the plan has none.</summary>
    public int Find(MemberId member)
    {
        for (int i = 0; i < Places.Length; i++)
            if (Places[i].Member == member) return i;
        return -1;
    }
}
