using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// What a delegation's other relations may list: <c>relation view: folder</c> lends <c>view</c> on a folder and on what is within
/// it, so one of these types must have that permission, or a relation of that name which a <c>delegable</c> clause opens.
/// Walked from the types that have it outwards, once for each lent relation.
/// </summary>
internal sealed class LendingCheck
{
    private readonly DelegationModel _delegation;
    private readonly DiagnosticBag _diagnostics;
    private readonly ILookup<string, MemberSymbol> _lendable;
    private readonly IReadOnlySet<TypeSymbol> _unknown;

    public LendingCheck(Symbols symbols, DelegationModel delegation, DiagnosticBag diagnostics)
    {
        _delegation = delegation;
        _diagnostics = diagnostics;
        _lendable = symbols.Members.Where(CanBeLent).ToLookup(member => member.Name, StringComparer.Ordinal);
        _unknown = delegation.Covering(symbols.Types.Where(type => type.Syntax.IsIncomplete));
    }

    public void Check(RelationSymbol lent)
    {
        IEnumerable<MemberSymbol> meant = _lendable[lent.Name];
        IReadOnlySet<TypeSymbol> good = _delegation.Covering(meant.Select(m => m.Type));
        IReadOnlySet<TypeSymbol> open = _delegation.Covering(meant.Where(m => m.Delegable is not null).Select(m => m.Type));
        foreach (AllowedType allowed in lent.Allowed)
        {
            TextSpan at = allowed.Syntax.Span;
            if (allowed.Kind == SubjectKind.Userset)
                _diagnostics.Add(Catalogue.NotAPlainObject(at, lent.Name, DelegationCheck.Describe(allowed)));
            else if (_unknown.Contains(allowed.Type)) continue;
            else if (!good.Contains(allowed.Type)) _diagnostics.Add(NothingToLend(lent, allowed));
            else if (!open.Contains(allowed.Type)) _diagnostics.Add(Catalogue.LentButClosed(at, lent.Name, allowed.Type.Name));
        }
    }

    private static bool CanBeLent(MemberSymbol member) => member is PermissionSymbol || member.Delegable is not null;

    private Diagnostic NothingToLend(RelationSymbol lent, AllowedType allowed)
    {
        string? nearest = _diagnostics.Nearest(lent.Name, NamesLendableOn(allowed.Type));
        return Catalogue.NothingToLend(allowed.Syntax.Span, lent.Name, allowed.Type.Name, nearest);
    }

    private IEnumerable<string> NamesLendableOn(TypeSymbol type)
    {
        foreach (TypeSymbol covered in _delegation.CoveredBy(type))
            foreach (MemberSymbol member in covered.Members.Where(CanBeLent)) yield return member.Name;
    }
}
