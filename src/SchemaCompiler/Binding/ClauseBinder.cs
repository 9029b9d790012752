using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>Resolves the clauses of <c>use delegation</c>, each by itself; what they demand of relations is checked after.</summary>
internal sealed class ClauseBinder(Symbols symbols, DiagnosticBag diagnostics)
{
    public static readonly Dictionary<string, PrincipalKind> Kinds = new(StringComparer.Ordinal)
    {
        ["human"] = PrincipalKind.Human,
        ["agent"] = PrincipalKind.Agent,
        ["service"] = PrincipalKind.Service,
    };

    public static readonly Dictionary<string, EnforcementDomain> Domains = new(StringComparer.Ordinal)
    {
        ["application"] = EnforcementDomain.Application,
        ["infrastructure"] = EnforcementDomain.Infrastructure,
        ["data"] = EnforcementDomain.Data,
        ["ai"] = EnforcementDomain.Ai,
    };

    private readonly DelegableBinder _delegable = new(diagnostics);
    private readonly List<RelationSymbol> _within = [];     // of the type whose clauses are being bound

    public DelegationModel Bind()
    {
        TypeClauses[] clauses = [.. symbols.Types.Select(_ => new TypeClauses())];
        foreach (TypeSymbol type in symbols.Types)
        {
            _within.Clear();
            foreach (ClauseSyntax clause in type.Clauses) Bind(type, clauses[type.Id.Value], clause);
            if (_within.Count > 0) clauses[type.Id.Value].Within = [.. _within.Distinct()];
            if (!type.Clauses.IsEmpty) _delegable.Bind(type, type.Clauses.OfType<DelegableSyntax>());
        }
        return new DelegationModel(symbols.Types, clauses);
    }

    private void Bind(TypeSymbol type, TypeClauses bound, ClauseSyntax clause)
    {
        if (clause is RoleSyntax role) Role(bound, role);
        else if (clause is WithinSyntax within) Within(type, within);
        else if (clause is DomainSyntax domain) Domain(bound, domain);
        else if (clause is AutonomousSyntax autonomous) Autonomous(type, autonomous);
    }

    private void Role(TypeClauses bound, RoleSyntax role)
    {
        if (bound.Role is { } first)
        {
            diagnostics.Add(DelegationCatalogue.SecondRole(role.Keyword.Span, role.Keyword.Text, first.Keyword.Text));
            return;
        }
        bound.Role = role;
        if (role.Kind is not { IsMissing: false } kind) return;
        if (Kinds.TryGetValue(kind.Text, out PrincipalKind known)) bound.PrincipalKind = known;
        else diagnostics.Add(DelegationCatalogue.UnknownPrincipalKind(kind.Span, kind.Text, diagnostics.Nearest(kind.Text, Kinds.Keys)));
    }

    private void Within(TypeSymbol type, WithinSyntax within)
    {
        foreach (NameSyntax name in within.Relations)
        {
            MemberSymbol? member = MemberLookup.Find(type, name, diagnostics);
            if (member is PermissionSymbol) diagnostics.Add(DelegationCatalogue.WithinNamesPermission(name.Span, name.Text));
            if (member is RelationSymbol relation) _within.Add(relation);
        }
    }

    private void Domain(TypeClauses bound, DomainSyntax clause)
    {
        NameSyntax name = clause.Domain;
        if (bound.Domain != EnforcementDomain.None) diagnostics.Add(DelegationCatalogue.SecondDomain(clause.Keyword.Span));
        else if (Domains.TryGetValue(name.Text, out EnforcementDomain known)) bound.Domain = known;
        else if (!name.IsMissing)
            diagnostics.Add(DelegationCatalogue.UnknownDomain(name.Span, name.Text, diagnostics.Nearest(name.Text, Domains.Keys)));
    }

    private void Autonomous(TypeSymbol type, AutonomousSyntax clause)
    {
        foreach (NameSyntax name in clause.Names)
            if (MemberLookup.Find(type, name, diagnostics) is { } member) member.IsAutonomous = true;
    }
}
