using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// What a delegation's other relations may list: <c>relation view: folder</c> lends <c>view</c> on a folder and on what is within
/// it, so one of these types must have that permission, or a relation of that name which a <c>delegable</c> clause opens.
/// </summary>
internal sealed class LendingCheck(DelegationModel delegation, DiagnosticBag diagnostics)
{
    public void Check(RelationSymbol lent)
    {
        foreach (AllowedType allowed in lent.Allowed)
        {
            TextSpan at = allowed.Syntax.Span;
            IReadOnlySet<TypeSymbol> covered = delegation.CoveredBy(allowed.Type);
            if (allowed.Kind == SubjectKind.Userset)
                diagnostics.Add(Catalogue.NotAPlainObject(at, lent.Name, DelegationCheck.Describe(allowed)));
            else if (covered.Any(type => type.Syntax.IsIncomplete)) continue;
            else if (!covered.Any(type => CanBeLent(type.Find(lent.Name)))) diagnostics.Add(NothingToLend(lent, allowed, covered));
            else if (!covered.Any(type => type.Find(lent.Name)?.Delegable is not null))
                diagnostics.Add(Catalogue.LentButClosed(at, lent.Name, allowed.Type.Name));
        }
    }

    private static bool CanBeLent(MemberSymbol? member) => member is PermissionSymbol || member?.Delegable is not null;

    private Diagnostic NothingToLend(RelationSymbol lent, AllowedType allowed, IReadOnlySet<TypeSymbol> covered)
    {
        IEnumerable<string> permissions = covered.SelectMany(type => type.Members).Where(CanBeLent).Select(m => m.Name);
        string? nearest = diagnostics.Nearest(lent.Name, permissions);
        return Catalogue.NothingToLend(allowed.Syntax.Span, lent.Name, allowed.Type.Name, nearest);
    }
}
