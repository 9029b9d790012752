using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Lookups;

/// <summary>Expands what a question asks about, works out from the tree alone whether the subject is in it, and asks the reference.</summary>
internal sealed class ExpandComparison(Case one, Store store, Findings findings)
{
    public static async Task<Findings> OfAsync(IEnumerable<Case> cases)
    {
        Findings findings = new();
        foreach (Case one in cases)
        {
            await using Store store = await Store.WithAsync(one);
            ExpandComparison comparison = new(one, store, findings);
            foreach (Asked asked in one.Questions) comparison.Compare(asked);
        }
        return findings;
    }

    private void Compare(Asked asked)
    {
        CheckQuestion question = asked.Question;
        Membership expected;
        Membership found;
        try
        {
            ReferenceChecker reference = new(one.Schema, store.State, one.Limits, asked.At);
            expected = reference.Plain(question);
            Expansion tree = store.At(asked.At).Expand(question.Resource, question.Permission, ExpandDepth.Recursive);
            found = new ExpandedMembership(question.Subject, fact => Holds(fact, question.ContextJson)).Of(tree);
        }
        catch (Exception problem) when (problem is TooManyPathsException or RejectionException { Reason: "EXPAND_LIMIT" or "CHECK_DEPTH_LIMIT" })
        {
            findings.Skip();
            return;
        }
        if (expected.IsUnknown()) return;
        findings.Count();
        if (found != Membership.NotMember) findings.Found++;
        findings.Expect(expected == found || expected.IsConditional() && found.IsConditional(), "the tree says otherwise",
            () => one.Describe(asked, $"the reference says {expected}, the tree {found}", store.State.Tuples));
    }

    private Membership Holds(RelationTuple fact, string? context)
    {
        if (fact.Caveat is not { } caveat) return Membership.Member;
        Dictionary<string, long> own = Caveats.Read(caveat.ContextJson);
        return one.Schema.Caveats.Single(c => c.Name == caveat.Name)
            .Truth(own.Concat(Caveats.Read(context).Where(value => !own.ContainsKey(value.Key))).ToDictionary());
    }
}

/// <summary>Whether a subject is in an expansion, by set algebra and nothing else.</summary>
internal sealed class ExpandedMembership(SubjectRef subject, Func<RelationTuple, Membership> holds)
{
    public Membership Of(Expansion part)
    {
        if (subject == new SubjectRef(part.Resource, part.Relation)) return Through(part, Membership.Member);
        return Through(part, part.Kind switch
        {
            ExpandKind.Leaf => part.Subjects.Aggregate(Membership.NotMember, (sum, found) => sum.Or(Of(found))),
            ExpandKind.Union => part.Children.Aggregate(Membership.NotMember, (sum, child) => sum.Or(Of(child))),
            ExpandKind.Intersection => part.Children.Aggregate(Membership.Member, (all, child) => all.And(Of(child))),
            ExpandKind.Exclusion => Of(part.Children[0]).Minus(Of(part.Children[1])),
            _ => throw new InvalidOperationException($"{part.Kind}"),
        });
    }

    private Membership Of(ExpandedSubject found)
    {
        bool isWild = found.Subject.Object.IsWildcard && subject.Relation is null && subject.Object.Type == found.Subject.Object.Type;
        Membership named = found.Subject == subject || isWild ? Membership.Member : found.Members is { } members ? Of(members) : Membership.NotMember;
        return found.Tuple is { } tuple ? holds(tuple).And(named) : named;
    }

    private Membership Through(Expansion part, Membership inside) => part.Through is { } edge ? holds(edge).And(inside) : inside;
}
