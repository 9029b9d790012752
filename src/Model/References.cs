namespace AuthzGraph.Model;

/// <summary>A thing: <c>document:readme</c>.</summary>
public readonly record struct ObjectRef(string Type, string Id)
{
    public bool IsWildcard => Id == Names.Wildcard;

    public override string ToString() => $"{Type}:{Id}";

    /// <summary>Reads <c>type:id</c>. The first colon ends the type, so ids may hold colons.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ObjectRef value) => TryParse(text, null, out value);

    internal static bool TryParse(ReadOnlySpan<char> text, NamePool? names, out ObjectRef value)
    {
        value = default;
        int colon = text.IndexOf(':');
        if (colon <= 0 || !Names.IsType(text[..colon]) || !Names.IsObjectId(text[(colon + 1)..])) return false;
        value = new ObjectRef(NamePool.Text(text[..colon], names), NamePool.Text(text[(colon + 1)..], names));
        return true;
    }

    /// <summary>Reads <c>type:id</c>; a text that is not one is the caller's mistake, named <paramref name="what"/>.</summary>
    public static ObjectRef Parse(ReadOnlySpan<char> text, string what = "object") =>
        TryParse(text, out ObjectRef value) ? value : throw Rejection.InvalidText(what, text, "type:id");
}

/// <summary>Who asks or is related: an object, a userset (<c>group:eng#member</c>) or a wildcard (<c>user:*</c>).</summary>
/// <param name="Object">The object; its id is <c>*</c> for a wildcard.</param>
/// <param name="Relation">The userset's relation or permission; null for a plain object and for a wildcard.</param>
public readonly record struct SubjectRef(ObjectRef Object, string? Relation = null)
{
    public override string ToString() => Relation is null ? Object.ToString() : $"{Object}#{Relation}";

    /// <summary>Reads <c>type:id</c>, <c>type:id#relation</c> or <c>type:*</c>; <c>#...</c> is the object itself.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SubjectRef value) => TryParse(text, null, out value);

    internal static bool TryParse(ReadOnlySpan<char> text, NamePool? names, out SubjectRef value)
    {
        value = default;
        int hash = text.IndexOf('#');
        ReadOnlySpan<char> relation = hash < 0 ? default : text[(hash + 1)..];
        bool plain = hash < 0 || relation is "...";
        if (!ObjectRef.TryParse(hash < 0 ? text : text[..hash], names, out ObjectRef subject)) return false;
        if (!plain && (subject.IsWildcard || !Names.IsRelation(relation))) return false;
        value = new SubjectRef(subject, plain ? null : NamePool.Text(relation, names));
        return true;
    }

    public static SubjectRef Parse(ReadOnlySpan<char> text, string what = "subject") =>
        TryParse(text, out SubjectRef value) ? value : throw Rejection.InvalidText(what, text, "type:id, type:id#relation or type:*");
}
