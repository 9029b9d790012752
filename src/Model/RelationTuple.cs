namespace AuthzGraph.Model;

/// <summary>The caveat a tuple carries: its name and, as JSON text, the context it was written with.</summary>
public readonly record struct CaveatRef(string Name, string? ContextJson = null)
{
    public override string ToString() => ContextJson is null ? Name : $"{Name}:{ContextJson}";

    /// <summary>Reads <c>name</c> or <c>name:{json}</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CaveatRef value)
    {
        bool isOne = TupleText.TryReadCaveat(text, out CaveatRef? caveat);
        value = caveat ?? default;
        return isOne;
    }
}

/// <summary>
/// resource–relation–subject, the identity of an edge, with its payload: a window and a caveat.
/// Text: <c>document:readme#viewer@user:ann</c>, then optionally <c>[caveat]</c> or <c>[caveat:{json}]</c>,
/// <c>[from:RFC3339]</c>, <c>[expiration:RFC3339]</c>.
/// </summary>
public readonly record struct RelationTuple(ObjectRef Resource, string Relation, SubjectRef Subject)
{
    public Window Window { get; init; } = Window.Always;
    public CaveatRef? Caveat { get; init; }

    public override string ToString()
    {
        string text = $"{Resource}#{Relation}@{Subject}";
        if (Caveat is { } caveat) text += $"[{caveat}]";
        if (Window.NotBefore.IsFinite) text += $"[from:{Window.NotBefore}]";
        if (Window.ExpiresAt.IsFinite) text += $"[expiration:{Window.ExpiresAt}]";
        return text;
    }

    public static RelationTuple Parse(ReadOnlySpan<char> text) =>
        TupleText.TryParse(text, null, out RelationTuple tuple, out string? problem)
            ? tuple
            : throw new RejectionException(RejectionCode.InvalidArgument, "INVALID_TUPLE", $"`{text}` is not a relationship: {problem}");

    public static bool TryParse(ReadOnlySpan<char> text, out RelationTuple tuple) => TupleText.TryParse(text, null, out tuple, out _);
}
