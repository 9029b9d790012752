using System.Diagnostics;
using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Cel;

namespace AuthzGraph.Graph.Tests.Corpora;

/// <summary>A compiled schema as the reference checker knows schemas.</summary>
internal static class CorpusModel
{
    public static SchemaModel Of(CompiledSchema schema) => new(schema.UsesDelegation, [.. schema.Types.Select(type => Of(schema, type))]);

    private static Definition Of(CompiledSchema schema, ObjectType type) => new(type.Name)
    {
        Relations = [.. type.Members.OfType<Relation>().Select(relation => new RelationModel(relation.Name, [.. relation.EdgeTypes.Select(edge => Of(schema, edge))]))],
        Permissions = [.. type.Members.OfType<Permission>().Select(permission => new PermissionModel(permission.Name, Of(schema, permission.Rewrite)))],
    };

    private static AllowedSubject Of(CompiledSchema schema, EdgeType edge) => new(
        schema[edge.SubjectType].Name, edge.SubjectRelation is { } member ? schema[member].Name : null, edge.Kind == SubjectKind.Wildcard);

    private static Expression Of(CompiledSchema schema, Rewrite rewrite) => rewrite switch
    {
        Rewrite.Nil => new Expression.Nil(),
        Rewrite.Self => new Expression.Self(),
        Rewrite.Reference reference => new Expression.Member(schema[reference.Member].Name),
        Rewrite.Union union => new Expression.Union([.. union.Arms.Select(arm => Of(schema, arm))]),
        Rewrite.Intersection intersection => new Expression.Intersection([.. intersection.Arms.Select(arm => Of(schema, arm))]),
        Rewrite.Exclusion exclusion => new Expression.Exclusion(Of(schema, exclusion.Base), Of(schema, exclusion.Subtracted)),
        Rewrite.Arrow arrow => new Expression.Arrow(schema[arrow.Relation].Name, arrow.TargetName, arrow.Kind == ArrowKind.All),
        _ => throw new UnreachableException(),
    };
}

/// <summary>The reference checker with the caveats of a compiled schema; what is missing all goes by one name.</summary>
internal sealed class CorpusReference(CompiledSchema compiled, SchemaModel schema, State state, Instant t) : ReferenceChecker(schema, state, Limits.Default, t)
{
    /// <summary>Whether the caveat of a relationship holds without any context.</summary>
    public Membership TruthOf(RelationTuple fact) => Holds(fact);

    protected override Membership Holds(RelationTuple fact)
    {
        if (fact.Caveat is not { } written) return Membership.Member;
        Caveat caveat = compiled.FindCaveat(written.Name) ?? throw new InvalidOperationException(written.Name);
        Assert.True(CelBindings.TryParse(caveat.Parameters, written.ContextJson ?? "{}", CelUnknownNames.Ignore, out CelBindings bindings, out string problem), problem);
        return caveat.Program.Evaluate(bindings, CelBindings.None, CelLimits.Default).Outcome switch
        {
            CelOutcome.True => Membership.Member,
            CelOutcome.False => Membership.NotMember,
            CelOutcome.Missing => Membership.MissingAmount,
            var other => throw new InvalidOperationException($"{written}: {other}"),
        };
    }
}
