using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Validation;

/// <summary>How a subject is in a set.</summary>
/// <param name="Relations">The relations its edges are of: <c>document:readme#viewer</c>.</param>
/// <param name="Except">Of a wildcard: the subjects of its type it does not stand for, <c>user:bob[...]</c> if that depends on the context.</param>
internal sealed record Found(ImmutableSortedSet<string> Relations, ImmutableSortedSet<string> Except)
{
    /// <summary>Written after a subject that depends on the context.</summary>
    public const string Conditional = "[...]";

    public static readonly ImmutableSortedSet<string> Nothing = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    public bool IsConditional { get; init; }

    public bool IsLike(Found other) =>
        IsConditional == other.IsConditional && Except.SetEquals(other.Except) && Relations.SetEquals(other.Relations);
}

/// <summary>
/// Subjects and how they were found. <c>user:*</c> stands for every user but those it excepts; users that are found
/// by themselves are listed beside it. Objects and usersets of one object are different subjects.
/// </summary>
internal sealed class SubjectSet
{
    private readonly Dictionary<SubjectRef, Found> _found = [];

    public IEnumerable<KeyValuePair<SubjectRef, Found>> All => _found;

    /// <summary>Adds an edge's subject.</summary>
    public void Add(SubjectRef subject, string relation) => Add(subject, new Found(Found.Nothing.Add(relation), Found.Nothing));

    public void UnionWith(SubjectSet other)
    {
        foreach ((SubjectRef subject, Found found) in other._found) Add(subject, found);
    }

    public SubjectSet Intersect(SubjectSet other)
    {
        SubjectSet both = new();
        foreach ((SubjectRef subject, Found found) in _found)
            if (other.Find(subject) is { } there) both.Add(subject, Both(found, there));
        foreach ((SubjectRef subject, Found found) in other._found)
            if (!_found.ContainsKey(subject) && Find(subject) is { } here) both.Add(subject, Both(here, found));
        return both;
    }

    public SubjectSet Subtract(SubjectSet other)
    {
        SubjectSet rest = new();
        foreach ((SubjectRef subject, Found found) in _found)
        {
            if (!subject.Object.IsWildcard)
            {
                if (other.Find(subject) is null) rest.Add(subject, found);
            }
            else if (other._found.TryGetValue(subject, out Found? alike)) AddExceptions(rest, found, alike.Except.Except(found.Except), other);
            else rest.Add(subject, found with { Except = found.Except.Union(other.Objects(subject.Object.Type)) });
        }
        return rest;
    }

    /// <summary>All who may be left when what is subtracted may not hold: everyone, and the wildcards' exceptions.</summary>
    public SubjectSet SubtractPerhaps(SubjectSet other)
    {
        SubjectSet rest = new();
        foreach ((SubjectRef subject, Found found) in _found)
        {
            if (!subject.Object.IsWildcard)
            {
                rest.Add(subject, found);
                continue;
            }
            rest.Add(subject, found with { Except = found.Except.Union(other.Objects(subject.Object.Type)) });
            if (other._found.TryGetValue(subject, out Found? alike)) AddExceptions(rest, found, alike.Except.Except(found.Except), new SubjectSet());
        }
        return rest;
    }

    // What one wildcard stands for and the subtracted one excepts is left, one by one.
    private static void AddExceptions(SubjectSet rest, Found found, ImmutableSortedSet<string> left, SubjectSet subtracted)
    {
        foreach (string name in left)
        {
            SubjectRef subject = SubjectRef.Parse(name);
            if (!subtracted._found.ContainsKey(subject)) rest.Add(subject, found with { Except = Found.Nothing });
        }
    }

    private void Add(SubjectRef subject, Found found)
    {
        if (_found.TryGetValue(subject, out Found? before))
            found = new Found(before.Relations.Union(found.Relations), before.Except.Intersect(found.Except));
        _found[subject] = found;
        if (subject.Object.IsWildcard) Except(subject, found.Except.Except(Objects(subject.Object.Type)));
        else if (subject.Relation is null && _found.TryGetValue(WildcardOf(subject), out Found? wildcard))
            Except(WildcardOf(subject), wildcard.Except.Remove(subject.ToString()));
    }

    private void Except(SubjectRef wildcard, ImmutableSortedSet<string> except) => _found[wildcard] = _found[wildcard] with { Except = except };

    /// <summary>How the subject is in the set, by itself or through a wildcard; null if it is not.</summary>
    private Found? Find(SubjectRef subject)
    {
        if (_found.TryGetValue(subject, out Found? found)) return found;
        if (subject.Object.IsWildcard || subject.Relation is not null || !_found.TryGetValue(WildcardOf(subject), out Found? wildcard)) return null;
        return wildcard.Except.Contains(subject.ToString()) ? null : wildcard with { Except = Found.Nothing };
    }

    private IEnumerable<string> Objects(string type) =>
        _found.Keys.Where(s => s.Relation is null && !s.Object.IsWildcard && s.Object.Type == type).Select(s => s.ToString());

    private static SubjectRef WildcardOf(SubjectRef subject) => new(subject.Object with { Id = Names.Wildcard });

    private static Found Both(Found one, Found other) => new(one.Relations.Union(other.Relations), one.Except.Union(other.Except));
}
