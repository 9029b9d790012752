using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// What a delegation's other relations may list: <c>relation view: folder</c> lends <c>view</c> on a folder and on what is within
/// it, so one of these types must have that permission, or a relation of that name which a <c>delegable</c> clause opens.
/// All are found together, since many relations lend on what many types contain.
/// </summary>
internal sealed class LendingCheck
{
    private readonly DelegationModel _delegation;
    private readonly DiagnosticBag _diagnostics;
    private readonly IReadOnlySet<TypeSymbol> _unknown;
    private readonly TypeFacts _lendable;
    private readonly TypeFacts _open;

    public LendingCheck(Symbols symbols, DelegationModel delegation, DiagnosticBag diagnostics)
    {
        _delegation = delegation;
        _diagnostics = diagnostics;
        _unknown = delegation.Covering(symbols.Types.Where(type => type.IsIncomplete));
        (TypeSymbol Type, string Permission)[] lent = [.. symbols.Types.Where(type => delegation.Has(type, Words.Delegation)).SelectMany(Lent)];
        _lendable = new TypeFacts(delegation.Within, symbols.Members.Where(CanBeLent).Select(member => (member.Type, member.Name)), lent);
        _open = new TypeFacts(delegation.Within, symbols.Members.Where(m => m.Delegable is not null).Select(member => (member.Type, member.Name)), lent);
    }

    public void Check(RelationSymbol lent)
    {
        foreach (AllowedType allowed in lent.Allowed)
        {
            TextSpan at = allowed.Syntax.Span;
            if (allowed.Kind == SubjectKind.Userset)
                _diagnostics.Add(DelegationCatalogue.NotAPlainObject(at, lent.Name, DelegationCheck.Describe(allowed)));
            else if (_unknown.Contains(allowed.Type)) continue;
            else if (!_lendable.Has(allowed.Type, lent.Name)) _diagnostics.Add(NothingToLend(lent, allowed));
            else if (!_open.Has(allowed.Type, lent.Name)) _diagnostics.Add(DelegationCatalogue.LentButClosed(at, lent.Name, allowed.Type.Name));
        }
    }

    private static IEnumerable<(TypeSymbol, string)> Lent(TypeSymbol delegation) =>
        delegation.Relations.SelectMany(relation => relation.Allowed.Select(allowed => (allowed.Type, relation.Name)));

    private static bool CanBeLent(MemberSymbol member) => member is PermissionSymbol || member.Delegable is not null;

    private Diagnostic NothingToLend(RelationSymbol lent, AllowedType allowed)
    {
        string? nearest = _diagnostics.Nearest(lent.Name, NamesLendableOn(allowed.Type));
        return DelegationCatalogue.NothingToLend(allowed.Syntax.Span, lent.Name, allowed.Type.Name, nearest);
    }

    private IEnumerable<string> NamesLendableOn(TypeSymbol type)
    {
        foreach (TypeSymbol covered in _delegation.CoveredBy(type))
            foreach (MemberSymbol member in covered.Members.Where(CanBeLent)) yield return member.Name;
    }
}
