using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler;

/// <summary>A relation or a permission of one type.</summary>
public abstract record Member(MemberId Id, TypeId Type, string Name)
{
    /// <summary>Named by an <c>autonomous</c> clause: an agent may hold it by its own tuples.</summary>
    public bool IsAutonomous { get; init; }

    /// <summary>How it may be exercised through hops; null: not at all.</summary>
    public DelegableRule? Delegable { get; init; }

    /// <summary>The text of the comments directly above it; null: none. Says nothing to the engine.</summary>
    public string? Comment { get; init; }
}

/// <summary>A set one writes: the edges it may hold.</summary>
public sealed record Relation(MemberId Id, TypeId Type, string Name, ImmutableArray<EdgeType> EdgeTypes) : Member(Id, Type, Name)
{
    /// <summary>Whether any edge type leads on to another set.</summary>
    public bool HasUsersets { get; } = EdgeTypes.Any(type => type.Kind == SubjectKind.Userset);
}

/// <summary>A set one only computes.</summary>
public sealed record Permission(MemberId Id, TypeId Type, string Name, Rewrite Rewrite) : Member(Id, Type, Name);

/// <summary>What an edge may point at.</summary>
public enum SubjectKind : byte
{
    /// <summary><c>user</c></summary>
    Object,

    /// <summary><c>group#member</c></summary>
    Userset,

    /// <summary><c>user:*</c></summary>
    Wildcard,
}

/// <summary>relation × subject type × subject relation: what the store keeps apart, because the engine always knows which it wants.</summary>
/// <param name="SubjectRelation">The userset's relation or permission; only for <see cref="SubjectKind.Userset"/>.</param>
/// <param name="Traits">How the relation lists the type, at least one way, each once.</param>
public sealed record EdgeType(
    EdgeTypeId Id, MemberId Relation, TypeId SubjectType, SubjectKind Kind, MemberId? SubjectRelation,
    ImmutableArray<EdgeTrait> Traits)
{
    /// <summary>The relation lists the type alone: an edge needs neither caveat nor end.</summary>
    public bool AllowsEndless => Allows(null, false);

    /// <summary>The relation lists the type <c>with expiration</c> and without a caveat.</summary>
    public bool AllowsExpiring => Allows(null, true);

    /// <summary>Whether an edge may be like this; SpiceDB too wants exactly one of the listed ways.</summary>
    public bool Allows(CaveatId? caveat, bool expiration) => Traits.Contains(new EdgeTrait(caveat, expiration));
}

/// <summary>How a permission is computed: a closed set.</summary>
public abstract record Rewrite
{
    private Rewrite() { }

    /// <summary><c>nil</c>: nobody.</summary>
    public sealed record Nil : Rewrite;

    /// <summary><c>self</c>: the resource itself.</summary>
    public sealed record Self : Rewrite;

    /// <summary>Another relation or permission of the same type.</summary>
    public sealed record Reference(MemberId Member) : Rewrite;

    /// <summary><c>a + b</c>, flattened: at least two arms, in the author's order.</summary>
    public sealed record Union(ImmutableArray<Rewrite> Arms) : Rewrite;

    /// <summary><c>a &amp; b</c>, flattened: at least two arms, in the author's order.</summary>
    public sealed record Intersection(ImmutableArray<Rewrite> Arms) : Rewrite;

    /// <summary><c>a - b</c>.</summary>
    public sealed record Exclusion(Rewrite Base, Rewrite Subtracted) : Rewrite;

    /// <summary>
    /// <c>parent->view</c> (<c>.any</c>) or <c>parent.all(view)</c>: walks from the objects of <paramref name="Relation"/>.
    /// <paramref name="Targets"/> says, by <see cref="EdgeTypeId"/> of that relation, what is asked there; an edge whose
    /// subject type has no such member is in no target: it grants nothing, and so fails <c>.all</c>.
    /// </summary>
    public sealed record Arrow(MemberId Relation, ArrowKind Kind, string TargetName, ImmutableArray<ArrowTarget> Targets) : Rewrite;
}

public enum ArrowKind : byte { Any, All }

/// <summary>What an arrow asks of the subjects behind one edge type.</summary>
public readonly record struct ArrowTarget(EdgeTypeId EdgeType, MemberId Member);
