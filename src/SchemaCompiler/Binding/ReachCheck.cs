using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// Warns of permissions that no subject can ever have. Reported is the permission that is to blame, not those that follow from it;
/// a permission that is <c>nil</c> alone says what it is, and what another warning tells already is passed over.
/// </summary>
internal sealed class ReachCheck
{
    private readonly Symbols _symbols;
    private readonly DiagnosticBag _diagnostics;
    private readonly DisjointParts _disjoint;
    private readonly Dictionary<Rewrite.Intersection, (string, string)> _empty = new(ReferenceEqualityComparer.Instance);
    private readonly Derivation _holds;

    public ReachCheck(Symbols symbols, DiagnosticBag diagnostics)
    {
        _symbols = symbols;
        _diagnostics = diagnostics;
        _disjoint = new DisjointParts(symbols);
        _holds = new Derivation(symbols.Members.Count);
        foreach (MemberSymbol member in symbols.Members) Lead(member);
    }

    public void Report()
    {
        PermissionSymbol[] permissions = [.. _symbols.Members.OfType<PermissionSymbol>()];
        foreach (PermissionSymbol permission in permissions)
        {
            if (Blame(permission.Rewrite) is not { } why) continue;
            if (permission.Rewrite is not Rewrite.Nil) _diagnostics.Warn(permission, why(permission));
            _holds.Assume(permission.Id.Value);
        }
        foreach (PermissionSymbol permission in permissions)
        {
            if (_holds.IsTrue(permission.Id.Value)) continue;
            _diagnostics.Warn(permission, Catalogue.OnlyLeadsBack(permission.NameSyntax.Span, permission.Name));
            _holds.Assume(permission.Id.Value);
        }
    }

    private void Lead(MemberSymbol member)
    {
        if (member is PermissionSymbol permission) Lead(permission, permission.Rewrite, permission.Id.Value, isAny: true);
        if (member is not RelationSymbol relation) return;
        foreach (AllowedType allowed in relation.Allowed)
            if (allowed.SubjectRelation is { } userset) _holds.Lead(userset.Id.Value, relation.Id.Value);
            else _holds.Grant(relation.Id.Value);
    }

    /// <summary>What must hold somebody so that a rewrite does, led to the node that waits for it.</summary>
    /// <param name="isAny">One such lead is enough for the node.</param>
    private void Lead(PermissionSymbol permission, Rewrite rewrite, int node, bool isAny)
    {
        if (rewrite is Rewrite.Exclusion exclusion) Lead(permission, exclusion.Base, node, isAny);
        if (rewrite is Rewrite.Self) _holds.Grant(node);
        if (rewrite is Rewrite.Reference reference) LeadFrom(reference.Member, permission, node);
        if (rewrite is Rewrite.Intersection all) LeadFromAll(permission, all, node);
        if (rewrite is not (Rewrite.Union or Rewrite.Arrow)) return;
        int any = isAny ? node : _holds.Add(needs: 1, leadsTo: node);
        if (rewrite is Rewrite.Arrow arrow) LeadFromAny(arrow, any);
        if (rewrite is Rewrite.Union union) foreach (Rewrite arm in union.Arms) Lead(permission, arm, any, isAny: true);
    }

    private void LeadFrom(MemberId member, PermissionSymbol permission, int node)
    {
        if (member == permission.Id) _holds.Grant(node);                // AZ0351 tells
        else _holds.Lead(member.Value, node);
    }

    private void LeadFromAny(Rewrite.Arrow arrow, int node)
    {
        if (arrow.Targets.IsEmpty) _holds.Grant(node);                  // AZ0350 tells
        foreach (ArrowTarget target in arrow.Targets) _holds.Lead(target.Member.Value, node);
    }

    private void LeadFromAll(PermissionSymbol permission, Rewrite.Intersection all, int node)
    {
        if (_disjoint.Of(permission.Type, all) is { } types) _empty.Add(all, types);
        int every = _holds.Add(_empty.ContainsKey(all) ? Derivation.Never : all.Arms.Length, leadsTo: node);
        foreach (Rewrite arm in all.Arms) Lead(permission, arm, every, isAny: false);
    }

    /// <summary>Why a rewrite holds nobody even if every member it names held somebody; null when it would.</summary>
    private Func<PermissionSymbol, Diagnostic>? Blame(Rewrite rewrite) => rewrite switch
    {
        Rewrite.Nil => permission => Catalogue.NilAlways(permission.NameSyntax.Span, permission.Name),
        Rewrite.Exclusion exclusion => Blame(exclusion.Base),
        Rewrite.Union union => union.Arms.All(arm => Blame(arm) is not null) ? Blame(union.Arms[0]) : null,
        Rewrite.Intersection all => all.Arms.Select(Blame).FirstOrDefault(why => why is not null) ?? BlameTypes(all),
        _ => null,
    };

    private Func<PermissionSymbol, Diagnostic>? BlameTypes(Rewrite.Intersection all) => _empty.TryGetValue(all, out (string One, string Other) types)
        ? permission => Catalogue.NoCommonType(permission.NameSyntax.Span, permission.Name, types.One, types.Other)
        : null;
}
