using System.Collections.Immutable;
using System.Diagnostics;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// Syntax tree → compiled schema. Each step reads what those before it filled into <see cref="Symbols"/>, and leaves out what it
/// had to refuse, so that one mistake is reported once.
/// </summary>
internal static class SchemaBinder
{
    /// <summary>Null when there was any error, here or before.</summary>
    /// <param name="text">What the compiled schema says it was compiled from.</param>
    public static CompiledSchema? Bind(string text, SchemaSyntax syntax, DiagnosticBag diagnostics)
    {
        Symbols symbols = DeclarationBinder.Declare(syntax, diagnostics);
        new CaveatBinder(symbols, diagnostics).Bind();
        new RelationBinder(symbols, diagnostics).Bind();
        WildcardCheck wildcards = new(symbols, diagnostics);
        wildcards.ReportTransitive();
        new RewriteBinder(symbols, wildcards, diagnostics).Bind();
        AliasCheck.Report(symbols, diagnostics);
        if (syntax.Flags.Typechecking) new AnnotationCheck(symbols, diagnostics).Report();
        LintCheck.Report(symbols, diagnostics);
        DelegationModel delegation = new ClauseBinder(symbols, diagnostics).Bind();
        if (syntax.Flags.Delegation) new DelegationCheck(symbols, delegation, diagnostics).Report();
        if (diagnostics.HasErrors) return null;
        new UnusedCheck(symbols, delegation, diagnostics).Report();
        new LentCheck(symbols, delegation, diagnostics).Report();
        new ReachCheck(symbols, diagnostics).Report();
        return Emit(text, syntax, symbols, delegation);
    }

    private static CompiledSchema Emit(string text, SchemaSyntax syntax, Symbols symbols, DelegationModel delegation)
    {
        ImmutableArray<Member> members = [.. symbols.Members.Select(Emit)];
        ImmutableArray<ObjectType> types = [.. symbols.Types.Select(type => Emit(type, members, delegation))];
        ImmutableArray<Caveat> caveats = [.. symbols.Caveats.Select(Emit).OfType<Caveat>()];
        return new CompiledSchema(text, syntax.Flags.Delegation, types, members, [.. symbols.EdgeTypes], caveats);
    }

    private static Caveat? Emit(CaveatSymbol caveat) => caveat.Compiled is { } compiled
        ? compiled with { Comment = DocComment.Of(caveat.Syntax.Header.First) }
        : null;

    private static Member Emit(MemberSymbol member) => member switch
    {
        RelationSymbol r => new Relation(r.Id, r.Type.Id, r.Name, r.EdgeTypes)
        {
            IsAutonomous = r.IsAutonomous, Delegable = r.Delegable, Comment = DocComment.Of(r.Syntax.Tokens.First),
        },
        PermissionSymbol p => new Permission(p.Id, p.Type.Id, p.Name, p.Rewrite)
        {
            IsAutonomous = p.IsAutonomous, Delegable = p.Delegable, Comment = DocComment.Of(p.Syntax.Tokens.First),
        },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static ObjectType Emit(TypeSymbol type, ImmutableArray<Member> members, DelegationModel delegation)
    {
        TypeClauses clauses = delegation[type];
        return new ObjectType(type.Id, type.Name, RoleEmitter.Emit(type, delegation))
        {
            Members = type.Members is [var first, ..] ? members.Slice(first.Id.Value, type.Members.Count) : [],
            Within = clauses.Within.IsEmpty ? [] : [.. clauses.Within.Select(r => r.Id)],
            SuspendedBy = delegation.MayBeSuspended(type) ? type.Find(FixedRelations.SuspendedBy)?.Id : null,
            Domain = clauses.Domain,
            Properties = PropertiesRelation.EdgeTypeOf(type),
            Comment = DocComment.Of(type.Syntax.Header.First),
        };
    }
}
