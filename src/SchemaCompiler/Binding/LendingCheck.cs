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
    private readonly bool[] _unknown;       // by the id of the type
    private readonly TypeFacts _lendable;
    private readonly TypeFacts _open;

    public LendingCheck(Symbols symbols, DelegationModel delegation, DiagnosticBag diagnostics)
    {
        _delegation = delegation;
        _diagnostics = diagnostics;
        _unknown = delegation.Covering(symbols.Types.Where(type => type.IsIncomplete));
        List<TypeFact> lent = Lent(symbols, delegation);
        HashSet<string> names = new(lent.Select(fact => fact.Name), StringComparer.Ordinal);
        MemberSymbol[] meant = [.. symbols.Members.Where(member => CanBeLent(member) && names.Contains(member.Name))];
        _lendable = new TypeFacts(delegation.Within, meant.Select(member => new TypeFact(member.Type, member.Name)), lent);
        _open = new TypeFacts(delegation.Within, meant.Where(m => m.Delegable is not null).Select(member => new TypeFact(member.Type, member.Name)), lent);
    }

    public void Check(RelationSymbol lent)
    {
        foreach (AllowedType allowed in lent.Allowed)
        {
            TextSpan at = allowed.Span;
            if (allowed.Kind == SubjectKind.Userset)
                _diagnostics.Add(DelegationCatalogue.NotAPlainObject(at, lent.Name, DelegationCheck.Describe(allowed)));
            else if (_unknown[allowed.Type.Id.Value]) continue;
            else if (!_lendable.Has(allowed.Type, lent.Name)) _diagnostics.Add(NothingToLend(lent, allowed));
            else if (!_open.Has(allowed.Type, lent.Name)) _diagnostics.Add(DelegationCatalogue.LentButClosed(at, lent.Name, allowed.Type.Name));
        }
    }

    /// <summary>What hops can name: types they can lend on, and what by the name of the relation.</summary>
    public static List<TypeFact> Lent(Symbols symbols, DelegationModel delegation)
    {
        List<TypeFact> lent = [];
        foreach (TypeSymbol type in symbols.Types.Where(type => delegation.Has(type, Words.Delegation)))
            foreach (RelationSymbol relation in type.Relations)
                foreach (AllowedType allowed in relation.Allowed) lent.Add(new TypeFact(allowed.Type, relation.Name));
        return lent;
    }

    private static bool CanBeLent(MemberSymbol member) => member is PermissionSymbol || member.Delegable is not null;

    private Diagnostic NothingToLend(RelationSymbol lent, AllowedType allowed)
    {
        string? nearest = _diagnostics.Nearest(lent.Name, NamesLendableOn(allowed.Type));
        return DelegationCatalogue.NothingToLend(allowed.Span, lent.Name, allowed.Type.Name, nearest);
    }

    private IEnumerable<string> NamesLendableOn(TypeSymbol type)
    {
        foreach (TypeSymbol covered in _delegation.CoveredBy(type))
            foreach (MemberSymbol member in covered.Members.Where(CanBeLent)) yield return member.Name;
    }
}
