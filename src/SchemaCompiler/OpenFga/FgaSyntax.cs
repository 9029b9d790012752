using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.OpenFga;

/// <param name="LastComments">Those below the last declaration.</param>
internal sealed record FgaModel(ImmutableArray<FgaDeclaration> Declarations, ImmutableArray<string> LastComments)
{
    public IEnumerable<FgaDeclaration.ObjectType> Types => Declarations.OfType<FgaDeclaration.ObjectType>();
    public IEnumerable<FgaDeclaration.Condition> Conditions => Declarations.OfType<FgaDeclaration.Condition>();
}

/// <summary>Comments of a declaration; those behind it become known only when the next one is read.</summary>
internal sealed class FgaNotes
{
    public List<string> Above { get; } = [];
    public List<string> Behind { get; } = [];
}

internal abstract record FgaDeclaration
{
    private FgaDeclaration(NameSyntax name, FgaNotes notes) => (Name, Notes) = (name, notes);

    public NameSyntax Name { get; }
    public FgaNotes Notes { get; }

    public sealed record ObjectType(NameSyntax Name, ImmutableArray<FgaRelation> Relations, FgaNotes Notes)
        : FgaDeclaration(Name, Notes);

    /// <param name="Body">CEL, as it stands between the braces.</param>
    public sealed record Condition(NameSyntax Name, ImmutableArray<FgaParameter> Parameters, string Body, FgaNotes Notes)
        : FgaDeclaration(Name, Notes);
}

/// <param name="Type"><c>string</c>, <c>list&lt;string&gt;</c></param>
internal sealed record FgaParameter(NameSyntax Name, string Type);

internal sealed record FgaRelation(NameSyntax Name, FgaExpression Rewrite, FgaNotes Notes)
{
    /// <summary>What may be written; null when everything is computed.</summary>
    public FgaExpression.Direct? Direct => Rewrite.All.OfType<FgaExpression.Direct>().FirstOrDefault();

    public bool IsComputed => Rewrite is not FgaExpression.Direct;
}

internal abstract record FgaExpression
{
    private FgaExpression() { }

    /// <summary>This expression and all within it.</summary>
    public IEnumerable<FgaExpression> All => this switch
    {
        Union union => union.Arms.SelectMany(a => a.All).Prepend(this),
        Intersection both => both.Arms.SelectMany(a => a.All).Prepend(this),
        Exclusion exclusion => exclusion.Base.All.Concat(exclusion.Subtracted.All).Prepend(this),
        _ => [this],
    };

    /// <summary><c>[user, group#member]</c></summary>
    public sealed record Direct(ImmutableArray<FgaTypeReference> Types, TextSpan Span) : FgaExpression;

    public sealed record Reference(NameSyntax Relation) : FgaExpression;

    /// <summary><c>viewer from parent</c></summary>
    public sealed record From(NameSyntax Relation, NameSyntax Tupleset) : FgaExpression;

    public sealed record Union(ImmutableArray<FgaExpression> Arms) : FgaExpression;
    public sealed record Intersection(ImmutableArray<FgaExpression> Arms) : FgaExpression;
    public sealed record Exclusion(FgaExpression Base, FgaExpression Subtracted) : FgaExpression;
}

/// <summary><c>user</c>, <c>group#member</c>, <c>user:*</c>, each perhaps <c>with</c> a condition.</summary>
internal sealed record FgaTypeReference(NameSyntax Type, NameSyntax? Relation, bool IsWildcard, NameSyntax? Condition, TextSpan Span)
{
    public bool IsPlain => Relation is null && !IsWildcard;
}
