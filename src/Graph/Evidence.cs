using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>
/// The caller's buffer for why: pass it to a check and read it after. Asking for it does not change the answer.
/// Reusable; every check clears it first.
/// </summary>
public sealed class Evidence
{
    /// <summary>Whether to look also for what would turn a denial into a permit. That takes far longer than the decision itself.</summary>
    public bool SeeksRemedies { get; init; }

    /// <summary>The chain from the root's hop to the presenter's, as far as it could be walked.</summary>
    public List<HopReport> Chain { get; } = [];

    /// <summary>Whose authority is used; null for a question asked without <c>acting</c>, or when the chain has no single root.</summary>
    public ObjectRef? Root { get; set; }

    /// <summary>One path of tuples that proves a permit, from the resource to the subject (to the root, when delegated).</summary>
    public List<RelationTuple> Witness { get; } = [];

    /// <summary>The tuple that a denial rests on (a revocation, a closure, an expired edge); null when it rests on an absence.</summary>
    public RelationTuple? FailedFact { get; set; }

    /// <summary>The humans found answerable for the agents examined: at least one an agent whose sponsorship was proved.</summary>
    public List<Sponsorship> Sponsors { get; } = [];

    /// <summary>
    /// What would turn a denial into a permit, the fewest steps first, at most <see cref="Limits.RemediesPerDecision"/>; empty unless
    /// <see cref="SeeksRemedies"/> asks for them. None may be found although there are some: the search is bounded.
    /// </summary>
    public List<Remedy> Remedies { get; } = [];

    public void Clear()
    {
        Chain.Clear();
        Root = null;
        Witness.Clear();
        FailedFact = null;
        Sponsors.Clear();
        Remedies.Clear();
    }
}

/// <summary><paramref name="Human"/> answers for <paramref name="Agent"/>.</summary>
public readonly record struct Sponsorship(ObjectRef Agent, ObjectRef Human);

/// <summary>One hop and what was found about it.</summary>
/// <param name="Hop">The object of a <c>delegation</c> type.</param>
/// <param name="Delegator">Null when it has none or several.</param>
/// <param name="Window">That of its <c>delegate</c> edge.</param>
/// <param name="Verdict">Whether it held, broke the chain (then <paramref name="Code"/> says how), or was not reached.</param>
public readonly record struct HopReport(
    ObjectRef Hop, ObjectRef? Delegator, ObjectRef? Delegate, ObjectRef? Task, Window Window, HopVerdict Verdict, DenialCode Code);

public enum HopVerdict : byte { NotReached, Holds, Broken }
