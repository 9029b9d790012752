namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>How a permission is computed.</summary>
internal abstract record Expression
{
    private Expression() { }

    public sealed record Nil : Expression;

    public sealed record Self : Expression;

    /// <summary>A relation or permission of the same definition.</summary>
    public sealed record Member(string Name) : Expression;

    /// <summary><c>parent->view</c>, or, where <paramref name="All"/>, <c>parent.all(view)</c>.</summary>
    public sealed record Arrow(string Relation, string Target, bool All) : Expression;

    public sealed record Union(IReadOnlyList<Expression> Arms) : Expression;

    public sealed record Intersection(IReadOnlyList<Expression> Arms) : Expression;

    public sealed record Exclusion(Expression Base, Expression Subtracted) : Expression;

    public IReadOnlyList<Expression> Children => this switch
    {
        Union union => union.Arms,
        Intersection intersection => intersection.Arms,
        Exclusion exclusion => [exclusion.Base, exclusion.Subtracted],
        _ => [],
    };

    public bool IsMonotone => this is not (Intersection or Exclusion or Arrow { All: true }) && Children.All(c => c.IsMonotone);

    /// <summary>No intersection, no all-arrow, and nothing subtracted that something is subtracted from.</summary>
    public bool OnePathProves => this switch
    {
        Intersection or Arrow { All: true } => false,
        Exclusion minus => minus.Base.OnePathProves && minus.Subtracted is Member,
        _ => Children.All(c => c.OnePathProves),
    };

    public bool UsesSelf => this is Self || Children.Any(c => c.UsesSelf);

    /// <summary>Every relation and permission this reads by name, behind arrows too.</summary>
    public IEnumerable<string> Names => this switch
    {
        Member member => [member.Name],
        Arrow arrow => [arrow.Relation, arrow.Target],
        _ => Children.SelectMany(c => c.Names),
    };
}
