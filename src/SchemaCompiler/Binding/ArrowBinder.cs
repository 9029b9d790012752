using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>Resolves <c>parent->view</c>: from a relation of this definition, to a member of each type it may hold.</summary>
internal sealed class ArrowBinder(Symbols symbols, WildcardCheck wildcards, DiagnosticBag diagnostics)
{
    /// <summary>Null when it was refused.</summary>
    public Rewrite.Arrow? Bind(TypeSymbol type, ExpressionSyntax.Arrow arrow)
    {
        if (Left(type, arrow.Left) is not { } relation || arrow.Target.IsMissing) return null;
        if (wildcards.Of(relation) is { } wildcard)
            diagnostics.Add(Catalogue.WildcardLeftOfArrow(arrow.Left.Span, relation.Name, wildcard.Text));
        ImmutableArray<ArrowTarget> targets = Targets(relation, arrow.Target.Text);
        if (targets.IsEmpty && IsKnown(relation)) diagnostics.Add(ToNowhere(relation, arrow));
        return new Rewrite.Arrow(relation.Id, arrow.Kind, arrow.Target.Text, targets);
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
        var targets = ImmutableArray.CreateBuilder<ArrowTarget>();
        foreach (EdgeType edge in relation.EdgeTypes)
            if (symbols[edge.SubjectType].Find(name) is { } member) targets.Add(new ArrowTarget(edge.Id, member.Id));
        return targets.ToImmutable();
    }

    private static bool IsKnown(RelationSymbol relation) =>
        relation.Allowed.Count > 0 && relation.Allowed.Count == relation.Syntax.Types.Length
        && relation.Allowed.TrueForAll(a => !a.Type.Syntax.IsIncomplete);

    private Diagnostic ToNowhere(RelationSymbol relation, ExpressionSyntax.Arrow arrow)
    {
        IEnumerable<string> there = relation.Allowed.SelectMany(a => a.Type.ByName.Keys);
        string? nearest = diagnostics.Nearest(arrow.Target.Text, there);
        return Catalogue.ArrowToNowhere(arrow.Span, relation.Name, arrow.Target.Text, nearest);
    }
}
