using AuthzGraph.Graph.Engine;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Delegating;

/// <summary>The window of a new hop: inside that of the hop before. Without an end it ends with what it rests on, and as the schema says it must.</summary>
internal static class WindowRule
{
    public static Window Of(Ground ground, DelegateRequest request, ObjectRef hop, ObjectKey? task)
    {
        var edge = new RelationTuple(hop, "delegate", new SubjectRef(request.Delegate)) { Caveat = request.Caveat };
        Instant latest = EdgeTraits.MayEnd(ground.Schema, edge) ? Latest(ground, request, task) : Instant.Never;
        Window window = Of(request.Term, ground.Now, latest);
        if (!window.ExpiresAt.IsFinite && !EdgeTraits.MayBeEndless(ground.Schema, edge)) throw DelegationRejections.EndNeeded(hop);
        ExpectInside(ground, window);
        return window;
    }

    /// <summary>The window that a term stands for.</summary>
    /// <param name="latest">When it ends if the term does not say.</param>
    public static Window Of(Term term, Instant now, Instant latest)
    {
        if (term is { ExpiresAt: not null, Lasting: not null }) throw DelegationRejections.TwoEnds();
        if (term.Lasting <= TimeSpan.Zero) throw DelegationRejections.NotLasting();
        Instant start = term.NotBefore ?? now;
        Instant end = term.ExpiresAt ?? (term.Lasting is { } lasting ? start.Plus((long)lasting.TotalMicroseconds) : latest);
        if (!end.IsFinite) return new Window(term.NotBefore ?? Instant.Beginning, Instant.Never);
        return start < end && now < end ? new Window(start, end) : throw DelegationRejections.NotLasting();
    }

    private static Instant Latest(Ground ground, DelegateRequest request, ObjectKey? task)
    {
        Instant end = Endings.Of(ground, task);
        Instant start = request.Term.NotBefore ?? ground.Now;
        foreach (Lending lent in request.Lends)
            foreach (Member member in LendingRule.MembersOf(ground.Schema, ground.TypeOf(lent.Resource.Type), lent.Permission))
                if (member.Delegable?.MaxTtl is { } ttl) end = Instant.Min(end, start.Plus((long)ttl.TotalMicroseconds));
        return end;
    }

    private static void ExpectInside(Ground ground, Window window)
    {
        if (ground.Chain.Count == 0) return;
        ref Hop before = ref ground.Chain.Leaf;
        Window outer = before.DelegateEdge.Window;
        if (window.ExpiresAt > outer.ExpiresAt) throw ground.Refusal(DenialCode.Expired, before.Key, ground.Chain.Count, before.DelegateEdge);
        if (window.NotBefore < outer.NotBefore && window.NotBefore.IsFinite)
            throw ground.Refusal(DenialCode.NotYetValid, before.Key, ground.Chain.Count, before.DelegateEdge);
    }
}
