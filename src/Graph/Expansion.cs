using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>How far an expansion goes.</summary>
public enum ExpandDepth : byte
{
    /// <summary>Usersets are named and stay closed.</summary>
    OneLevel,

    /// <summary>Every userset is opened in its place.</summary>
    Recursive,
}

/// <summary>How a permission comes about: the tree of its rewrite with the subjects at its leaves.</summary>
/// <param name="Relation">The relation or permission of the resource that this part computes, or is a part of.</param>
/// <param name="Children">In the schema's order; of an exclusion, the second is taken from the first.</param>
/// <param name="Subjects">Only at a leaf.</param>
public sealed record Expansion(
    ObjectRef Resource, string Relation, ExpandKind Kind, ImmutableArray<Expansion> Children, ImmutableArray<ExpandedSubject> Subjects)
{
    /// <summary>The tuple an arrow followed to this part, with its window and caveat; null elsewhere.</summary>
    public RelationTuple? Through { get; init; }

    /// <summary>It is being expanded already, further up: nobody comes from here who does not come from there.</summary>
    public bool IsCycle { get; init; }
}

/// <summary>A subject at a leaf.</summary>
/// <param name="Tuple">The tuple that names it, with its window and caveat; null for <c>self</c>.</param>
public sealed record ExpandedSubject(SubjectRef Subject, RelationTuple? Tuple)
{
    /// <summary>Who is in the userset; null when it is not opened, or no userset.</summary>
    public Expansion? Members { get; init; }

    /// <summary>Why this principal is denied all the same when it asks for itself: suspended, or an agent that may do this only for somebody.</summary>
    public DenialCode Barred { get; init; }
}

public enum ExpandKind : byte { Leaf, Union, Intersection, Exclusion }
