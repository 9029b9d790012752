using AuthzGraph.Graph.Tests.Reference;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>Short names for expressions, and random ones.</summary>
internal static class Expressions
{
    public static Expression Named(string member) => new Expression.Member(member);
    public static Expression Any(string relation, string target) => new Expression.Arrow(relation, target, All: false);
    public static Expression All(string relation, string target) => new Expression.Arrow(relation, target, All: true);
    public static Expression Union(params IReadOnlyList<Expression> arms) => new Expression.Union(arms);
    public static Expression Intersection(params IReadOnlyList<Expression> arms) => new Expression.Intersection(arms);
    public static Expression Exclusion(Expression from, Expression subtracted) => new Expression.Exclusion(from, subtracted);

    public static Expression Random(Random random, IReadOnlyList<Expression> atoms, int depth)
    {
        if (depth == 0 || random.Chance(0.25)) return random.Pick(atoms);
        Expression Next() => Random(random, atoms, depth - 1);
        List<Expression> Arms() => [.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => Next())];
        return random.Next(5) switch
        {
            0 or 1 => new Expression.Union(Arms()),
            2 or 3 => new Expression.Exclusion(Next(), Next()),
            _ => new Expression.Intersection(Arms()),
        };
    }

    /// <summary><c>user</c>, <c>user:*</c> or <c>team#member</c>, then possibly <c>with expiration</c>.</summary>
    public static AllowedSubject Allowed(string text)
    {
        bool expiring = text.EndsWith(" with expiration", StringComparison.Ordinal);
        string subject = expiring ? text[..text.IndexOf(' ')] : text;
        if (subject.EndsWith(":*", StringComparison.Ordinal)) return new AllowedSubject(subject[..^2], Wildcard: true, Expiring: expiring);
        return subject.Split('#') is [var type, var relation]
            ? new AllowedSubject(type, relation, Expiring: expiring)
            : new AllowedSubject(subject, Expiring: expiring);
    }

    /// <summary>A relation of the subjects that are not null.</summary>
    public static RelationModel Relation(string name, params string?[] allowed) =>
        new(name, [.. allowed.OfType<string>().Select(Allowed)]);
}
