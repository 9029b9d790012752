using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine;

/// <summary>Turns what a decision left in its scope into names for the caller.</summary>
internal static class EvidenceFilling
{
    public static void Fill(this Evidence evidence, DecisionScope scope, in QuestionNames names, in Verdict verdict)
    {
        evidence.Clear();
        if (!verdict.IsPermit && !scope.FailedFact.IsNone) evidence.FailedFact = scope.Name(scope.FailedFact);
        for (int i = 0; i < scope.Chain.Count; i++) evidence.Chain.Add(Report(scope, names, verdict, i));
        if (scope.Chain.Count > 0 && verdict.Step is 0 or > 2 && scope.Chain[0].Delegator is { } root) evidence.Root = names.Of(root);
        foreach ((ObjectKey agent, ObjectKey human) in scope.Sponsors)
        {
            var sponsorship = new Sponsorship(names.Of(agent), names.Of(human));
            if (!evidence.Sponsors.Contains(sponsorship)) evidence.Sponsors.Add(sponsorship);
        }
        if (!verdict.IsPermit || scope.Missing.Count > 0) return;
        foreach (WitnessEdge edge in scope.Witness)
            evidence.Witness.Add(TupleNames.Of(scope.Bound, scope.Schema[edge.Type], edge.Resource, edge.Subject, edge.Window, edge.Caveat));
    }

    private static HopReport Report(DecisionScope scope, in QuestionNames names, in Verdict verdict, int index)
    {
        ref Hop hop = ref scope.Chain[index];
        bool broken = verdict.Hop == index + 1;
        HopVerdict state = broken ? HopVerdict.Broken : Held(verdict, index) ? HopVerdict.Holds : HopVerdict.NotReached;
        bool named = !hop.DelegateEdge.IsNone;
        return new HopReport(
            names.Of(hop.Key),
            hop.Delegator is { } delegator ? names.Of(delegator) : null,
            named ? names.Of(hop.Delegate) : null,
            hop.Task is { } task ? names.Of(task) : null,
            named ? hop.DelegateEdge.Window : Window.Always,
            state,
            broken ? verdict.Code : DenialCode.None);
    }

    /// <summary>Hops are judged from the root down, after all that concerns the chain as a whole.</summary>
    private static bool Held(in Verdict verdict, int index) => verdict.Step switch
    {
        0 or 12 => true,
        11 => index + 1 < verdict.Hop,
        _ => false,
    };
}
