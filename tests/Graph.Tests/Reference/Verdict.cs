using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>What comes of a question: an answer, or a refusal to answer.</summary>
internal abstract record Verdict
{
    private Verdict() { }

    public sealed record Permitted : Verdict
    {
        public override string ToString() => "permitted";
    }

    public sealed record Denied(DenialCode Code, int Hop, ObjectRef Object) : Verdict
    {
        public override string ToString() => $"denied {Code.ToText()}, hop {Hop}, object {Object}";
    }

    /// <summary>The names that are missing, sorted; of a discovered answer they are not told, since which chain it is about is not.</summary>
    public sealed record Conditional(string Missing) : Verdict
    {
        public override string ToString() => $"conditional on {Missing}";
    }

    /// <summary>A rejection for one of these reasons; where several branches are unknown, each may be the one named.</summary>
    public sealed record Rejected(params string[] Reasons) : Verdict
    {
        public override string ToString() => $"rejected {string.Join(" or ", Reasons)}";
    }

    public static readonly Verdict Permit = new Permitted();

    public static Verdict Deny(DenialCode code, int hop, ObjectRef about) => new Denied(code, hop, about);

    public static readonly Verdict DiscoveredConditional = new Conditional("what the chain found depends on");

    /// <summary>What comes of a value that is neither member nor not.</summary>
    public static Verdict Undecided(Membership reasons)
    {
        if (reasons.IsConditional()) return new Conditional(Caveats.Names(reasons));
        List<string> texts = [];
        if (reasons.HasFlag(Membership.TooDeep)) texts.Add("CHECK_DEPTH_LIMIT");
        if (reasons.HasFlag(Membership.CycleThroughExclusion)) texts.Add("CYCLE_THROUGH_EXCLUSION");
        return new Rejected([.. texts]);
    }

    public bool AgreesWith(Verdict other) => (this, other) switch
    {
        // The reference unites the names along every path that does not repeat; the engine walks none twice in vain, so it
        // may leave out names of a detour to something that another path depends on already. That what it names is enough
        // to decide is for ContextCheck to see.
        (Conditional mine, Conditional theirs) => theirs.Missing.Split(',').All(mine.Missing.Split(',').Contains),
        (Rejected mine, Rejected theirs) => mine.Reasons.Intersect(theirs.Reasons).Any(),
        _ => Equals(other),
    };
}
