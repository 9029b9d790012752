using System.Collections.Immutable;
using System.Globalization;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// Resolves <c>delegable view, edit max hops 2 max ttl 1h approval owner</c>. Of several clauses, and of several options of one
/// kind, the strictest counts: the least number, the shortest time, every approval. <c>*</c> stands for every permission;
/// relations are opened by name only.
/// </summary>
internal sealed class DelegableBinder(DiagnosticBag diagnostics)
{
    private const int MaxDays = 36_500;

    /// <summary>All <c>delegable</c> clauses of one definition; those with <c>*</c> become one before they meet permissions.</summary>
    public void Bind(TypeSymbol type, IEnumerable<DelegableSyntax> clauses)
    {
        DelegableRule? all = null;
        foreach (DelegableSyntax clause in clauses)
        {
            DelegableRule rule = Rule(type, clause);
            if (clause.IsAll) all = Strictest(all, rule, clause.Keyword);
            foreach (NameSyntax name in clause.Names)
                if (MemberLookup.Find(type, name, diagnostics) is { } member)
                    member.Delegable = Strictest(member.Delegable, rule, name);
        }
        if (all is null) return;
        foreach (PermissionSymbol permission in type.Members.OfType<PermissionSymbol>())
            permission.Delegable = Strictest(permission.Delegable, all, permission.NameSyntax);
    }

    private DelegableRule Rule(TypeSymbol type, DelegableSyntax clause)
    {
        int? hops = null;
        TimeSpan? ttl = null;
        foreach (NameSyntax number in clause.MaxHops) hops = Min(hops, Hops(number));
        foreach (NameSyntax duration in clause.MaxTtl) ttl = Min(ttl, Duration(duration));
        return new DelegableRule(hops, ttl, clause.Approvals.IsEmpty ? [] : Approvals(type, clause));
    }

    private ImmutableArray<MemberId> Approvals(TypeSymbol type, DelegableSyntax clause) =>
    [
        .. clause.Approvals.Select(name => MemberLookup.Find(type, name, diagnostics)).OfType<MemberSymbol>().Select(member => member.Id).Distinct(),
    ];

    private DelegableRule Strictest(DelegableRule? a, DelegableRule b, NameSyntax at)
    {
        ImmutableArray<MemberId> approvals = a is null || a.Approvals.IsEmpty ? b.Approvals : [.. a.Approvals.Union(b.Approvals)];
        if (approvals.Length > CompilerLimits.Approvals)
        {
            diagnostics.Add(DelegationCatalogue.TooManyApprovals(at.Span, at.Text));
            approvals = approvals[..CompilerLimits.Approvals];
        }
        return new DelegableRule(Min(a?.MaxHops, b.MaxHops), Min(a?.MaxTtl, b.MaxTtl), approvals);
    }

    private static T? Min<T>(T? a, T? b) where T : struct, IComparable<T> =>
        a is not { } x ? b : b is not { } y ? a : x.CompareTo(y) <= 0 ? x : y;

    private int? Hops(NameSyntax number)
    {
        if (WholeNumber(number.Text) is { } hops) return hops;
        diagnostics.Add(DelegationCatalogue.InvalidHops(number.Span, number.Text));
        return null;
    }

    private TimeSpan? Duration(NameSyntax duration)
    {
        if (WholeNumber(duration.Text[..^1]) is { } count && Unit(duration.Text[^1]) is { } unit)
            if (count <= TimeSpan.FromDays(MaxDays) / unit) return count * unit;
        diagnostics.Add(DelegationCatalogue.InvalidDuration(duration.Span, duration.Text));
        return null;
    }

    private static int? WholeNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;

    private static TimeSpan? Unit(char letter) => letter switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => null,
    };
}
