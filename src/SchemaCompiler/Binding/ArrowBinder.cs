using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>Resolves <c>parent->view</c>: from a relation of this definition, to a member of each type it may hold.</summary>
internal sealed class ArrowBinder(Symbols symbols, WildcardCheck wildcards, DiagnosticBag diagnostics)
{
    private readonly List<ArrowTarget> _targets = [];

    /// <summary>Null when it was refused.</summary>
    public Rewrite.Arrow? Bind(PermissionSymbol permission, ExpressionSyntax.Arrow arrow)
    {
        if (Left(permission.Type, arrow.Left) is not { } relation || arrow.Target.IsMissing) return null;
        ImmutableArray<ArrowTarget> targets = Targets(relation, arrow.Target.Text);
        if (wildcards.Of(relation) is { } wildcard)
            diagnostics.Add(Catalogue.WildcardLeftOfArrow(arrow.Left.Span, relation.Name, wildcard.Text));
        else Warn(permission, relation, targets, arrow);
        return new Rewrite.Arrow(relation.Id, arrow.Kind, arrow.Target.Text, targets);
    }

    private void Warn(
        PermissionSymbol permission, RelationSymbol relation, ImmutableArray<ArrowTarget> targets, ExpressionSyntax.Arrow arrow)
    {
        if (targets.IsEmpty && IsKnown(relation)) diagnostics.Warn(permission, ToNowhere(relation, arrow));
        WarnOfUsersets(permission, relation, arrow);
        WarnOfRelations(permission, targets, arrow);
    }

    private RelationSymbol? Left(TypeSymbol type, ExpressionSyntax left)
    {
        if (left is not ExpressionSyntax.Name name) return Refuse(NotARelation(left));
        MemberSymbol? member = MemberLookup.Find(type, name.Identifier, diagnostics);
        return member is PermissionSymbol
            ? Refuse(Catalogue.PermissionLeftOfArrow(left.Span, member.Name))
            : member as RelationSymbol;
    }

    private static Diagnostic? NotARelation(ExpressionSyntax left) => left switch
    {
        ExpressionSyntax.Missing => null,
        ExpressionSyntax.Arrow => Catalogue.NestedArrow(left.Span),
        _ => Catalogue.NoRelationLeftOfArrow(left.Span),
    };

    private RelationSymbol? Refuse(Diagnostic? why)
    {
        if (why is not null) diagnostics.Add(why);
        return null;
    }

    private ImmutableArray<ArrowTarget> Targets(RelationSymbol relation, string name)
    {
        _targets.Clear();
        foreach (EdgeType edge in relation.EdgeTypes)
            if (symbols[edge.SubjectType].Find(name) is { } member) _targets.Add(new ArrowTarget(edge.Id, member.Id));
        return [.. _targets];
    }

    private void WarnOfUsersets(PermissionSymbol permission, RelationSymbol relation, ExpressionSyntax.Arrow arrow)
    {
        foreach (AllowedType allowed in relation.Allowed)
            if (allowed.Kind == SubjectKind.Userset)
                diagnostics.Warn(permission, Catalogue.ArrowFromUserset(arrow.Span, relation.Name, allowed.Text, allowed.Type.Name));
    }

    /// <summary>Within one definition an arrow to a relation is usual: a parent's own.</summary>
    private void WarnOfRelations(PermissionSymbol permission, ImmutableArray<ArrowTarget> targets, ExpressionSyntax.Arrow arrow)
    {
        foreach (ArrowTarget there in targets)
            if (symbols[there.Member] is RelationSymbol target && target.Type != permission.Type)
                diagnostics.Warn(permission, Catalogue.ArrowToRelation(arrow.Span, target.Type.Name, target.Name));
    }

    private static bool IsKnown(RelationSymbol relation) =>
        relation.Allowed.Length > 0 && relation.Allowed.Length == relation.Syntax.Types.Length
        && relation.Allowed.All(a => !a.Type.IsIncomplete);

    private Diagnostic ToNowhere(RelationSymbol relation, ExpressionSyntax.Arrow arrow)
    {
        IEnumerable<string> there = relation.Allowed.SelectMany(a => a.Type.MemberNames);
        string? nearest = diagnostics.Nearest(arrow.Target.Text, there);
        return Catalogue.ArrowToNowhere(arrow.Span, relation.Name, arrow.Target.Text, nearest);
    }
}
