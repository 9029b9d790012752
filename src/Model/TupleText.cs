namespace AuthzGraph.Model;

/// <summary>Reads a tuple's text form and, when it is none, says what is wrong in the writer's words.</summary>
internal static class TupleText
{
    /// <param name="names">Where names that were read before are found again, or null.</param>
    public static bool TryParse(ReadOnlySpan<char> text, NamePool? names, out RelationTuple tuple, out string? problem)
    {
        tuple = default;
        text = text.Trim();
        int bracket = text.IndexOf('[');
        ReadOnlySpan<char> head = bracket < 0 ? text : text[..bracket];
        int hash = head.IndexOf('#');
        if (hash < 0) return Fail("it has no `#relation`", out problem);
        int at = head[hash..].IndexOf('@');
        if (at < 0) return Fail("it has no `@subject`", out problem);
        at += hash;
        if (!ObjectRef.TryParse(head[..hash], names, out ObjectRef resource)) return Fail($"`{head[..hash]}` is not an object", out problem);
        if (resource.IsWildcard) return Fail("a resource can't be the wildcard", out problem);
        ReadOnlySpan<char> relation = head[(hash + 1)..at];
        if (!Names.IsRelation(relation)) return Fail($"`{relation}` is not a relation's name", out problem);
        if (!SubjectRef.TryParse(head[(at + 1)..], names, out SubjectRef subject)) return Fail($"`{head[(at + 1)..]}` is not a subject", out problem);

        tuple = new RelationTuple(resource, NamePool.Text(relation, names), subject);
        return bracket < 0 ? Succeed(out problem) : TryReadTraits(text[bracket..], ref tuple, out problem);
    }

    private static bool TryReadTraits(ReadOnlySpan<char> text, ref RelationTuple tuple, out string? problem)
    {
        (Instant from, Instant until) = (Instant.Beginning, Instant.Never);
        CaveatRef? caveat = null;
        while (!text.IsEmpty)
        {
            int end = EndOfTrait(text);
            if (end < 0) return Fail("a `[` has no matching `]`", out problem);
            ReadOnlySpan<char> trait = text[1..end];
            text = text[(end + 1)..];
            if (trait.StartsWith("from:"))
            {
                if (from.IsFinite) return Fail("`from` is given twice", out problem);
                if (!Instant.TryParse(trait[5..], Rounding.Up, out from)) return Fail($"`{trait[5..]}` is not an RFC 3339 time", out problem);
            }
            else if (trait.StartsWith("expiration:"))
            {
                if (until.IsFinite) return Fail("`expiration` is given twice", out problem);
                if (!Instant.TryParse(trait[11..], Rounding.Down, out until)) return Fail($"`{trait[11..]}` is not an RFC 3339 time", out problem);
            }
            else if (caveat is not null || from.IsFinite || until.IsFinite) return Fail("the caveat comes first and once", out problem);
            else if (!TryReadCaveat(trait, out caveat)) return Fail($"`{trait}` is not a caveat", out problem);
        }
        tuple = tuple with { Window = new Window(from, until), Caveat = caveat };
        return tuple.Window.IsEmpty ? Fail("its window is empty: it ends before it starts", out problem) : Succeed(out problem);
    }

    internal static bool TryReadCaveat(ReadOnlySpan<char> trait, out CaveatRef? caveat)
    {
        int colon = trait.IndexOf(':');
        ReadOnlySpan<char> name = colon < 0 ? trait : trait[..colon];
        caveat = null;
        if (name.IsEmpty || name.ContainsAny(" {}\"")) return false;
        caveat = new CaveatRef(name.ToString(), colon < 0 ? null : trait[(colon + 1)..].Trim().ToString());
        return true;
    }

    /// <summary>The index of the <c>]</c> that closes the trait: brackets inside a caveat's JSON are counted, those in its strings are not.</summary>
    private static int EndOfTrait(ReadOnlySpan<char> text)
    {
        if (text[0] != '[') return -1;
        int depth = 0;
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted)
            {
                if (c == '\\') i++;
                else if (c == '"') quoted = false;
            }
            else if (c == '"') quoted = true;
            else if (c == '[') depth++;
            else if (c == ']' && --depth == 0) return i;
        }
        return -1;
    }

    private static bool Succeed(out string? problem)
    {
        problem = null;
        return true;
    }

    private static bool Fail(string why, out string? problem)
    {
        problem = why;
        return false;
    }
}
