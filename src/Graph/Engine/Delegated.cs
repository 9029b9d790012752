using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// Decides on another's authority: by the hop named, or by the best of the hops that lead from the presenter to the root
/// named. Whose authority is used is never guessed.
/// </summary>
internal static class Delegated
{
    public static Verdict Decide(DecisionScope scope, in ResolvedQuestion question)
    {
        if (question.Delegation is { } leaf) return JudgeNamed(scope, question, leaf);
        var search = new Search(scope, question);
        if (!search.Try(live: true) && !search.Try(live: false))
        {
            scope.Consult(search.Until);
            scope.Chains.Clear();
            return scope.Deny(DenialCode.NoDelegation, 0, 0, question.Subject.Object);
        }
        scope.Until = search.Until;
        if (scope.Explains || search.IsConditional) JudgeAgain(scope, question, search);
        else scope.Missing.Clear();
        return search.Best;
    }

    private static Verdict JudgeNamed(DecisionScope scope, in ResolvedQuestion question, ObjectKey leaf)
    {
        Verdict verdict = Walk(scope, question, leaf);
        return verdict.IsPermit ? ChainRules.Judge(scope, question) : verdict;
    }

    /// <summary>Steps 1 to 4.</summary>
    private static Verdict Walk(DecisionScope scope, in ResolvedQuestion question, ObjectKey leaf)
    {
        ObjectKey presenter = question.Subject.Object;
        scope.Chains.Open(scope, leaf, presenter);
        Verdict verdict = scope.Chains.Knows(scope) ? Verdict.Permit : scope.Chains.Learn(scope, WalkAnew(scope, question, leaf));
        return verdict.IsPermit ? ChainRules.Fits(scope, question) : verdict;
    }

    private static Verdict WalkAnew(DecisionScope scope, in ResolvedQuestion question, ObjectKey leaf)
    {
        ChainAhead.Fetch(scope, question, leaf);
        return ChainWalk.Walk(scope, leaf, question.Subject.Object);
    }

    // leaves the scope as the chosen chain filled it, which is what the evidence is read from
    private static void JudgeAgain(DecisionScope scope, in ResolvedQuestion question, in Search search)
    {
        Instant until = scope.Until;
        scope.Sponsors.Clear();
        scope.Witness.Clear();
        scope.Missing.Clear();
        JudgeNamed(scope, question, search.BestLeaf);
        scope.Until = until;
    }

    /// <summary>Goes through the candidates and keeps the best.</summary>
    private ref struct Search(DecisionScope scope, ResolvedQuestion question)
    {
        private readonly Instant _before = scope.Until;
        private Instant _examined = scope.Until;    // of every candidate examined, for what is no permit
        private int _bestHops;
        private int _candidates;
        private bool _kept;

        public Verdict Best;
        public bool IsConditional;
        public ObjectKey BestLeaf;
        public Instant Until;

        /// <summary>Tries every hop whose edge to the presenter is live, or every hop whose edge only explains; says whether any was kept.</summary>
        public bool Try(bool live)
        {
            foreach (TypePlan type in scope.Types.Hops)
                foreach (ref readonly PlannedEdges edges in (type.Hop?.Delegate ?? PlannedRelation.None).Edges)
                    if (edges.SubjectType == question.Subject.Object.Type) TryHopsOf(type.Id, edges.Store, live);
            // another candidate may still come to a better answer than a denial, or than one that depends on context
            if (!_kept || !Best.IsPermit || IsConditional) Until = _examined;
            return _kept;
        }

        private void TryHopsOf(TypeId type, EdgeStore delegates, bool live)
        {
            EdgeListWalk walk = delegates.OfSubject(question.Subject.Object.Number, scope.Revision);
            while (walk.MoveNext())
            {
                scope.Step();
                Window window = walk.Current.Window;
                _examined = Instant.Min(_examined, window.NextChange(scope.Now));
                if (window.Contains(scope.Now) != live || !IsKnown(window)) continue;
                if (++_candidates > scope.Limits.ChainCandidates) throw Rejections.Candidates(scope.Limits.ChainCandidates);
                Consider(new ObjectKey(type, walk.Current.Resource));
            }
        }

        private bool IsKnown(Window window)
        {
            scope.Until = _before;
            bool known = scope.IsKnown(window);
            _examined = Instant.Min(_examined, scope.Until);
            return known;
        }

        private void Consider(ObjectKey leaf)
        {
            scope.Until = _before;
            scope.Missing.Clear();
            Verdict verdict = Walk(scope, question, leaf);
            bool fits = verdict.IsPermit;
            if (fits) verdict = ChainRules.Judge(scope, question);
            _examined = Instant.Min(_examined, scope.Until);
            if (!fits || _kept && !IsBetter(verdict, leaf)) return;
            (_kept, Best, BestLeaf, Until, _bestHops) = (true, verdict, leaf, scope.Until, scope.Chain.Count);
            IsConditional = verdict.IsPermit && scope.Missing.Count > 0;
        }

        private readonly bool IsBetter(in Verdict verdict, ObjectKey leaf)
        {
            if (verdict.IsPermit != Best.IsPermit) return verdict.IsPermit;
            if (verdict.IsPermit && IsConditional != scope.Missing.Count > 0) return IsConditional;
            int order = verdict.IsPermit
                ? Compare(scope.Until.CompareTo(Until), _bestHops.CompareTo(scope.Chain.Count))
                : Compare(verdict.Step.CompareTo(Best.Step), Compare(verdict.Step == 11 ? verdict.Hop.CompareTo(Best.Hop) : 0, verdict.Code.CompareTo(Best.Code)));
            return order != 0 ? order > 0 : CodePoints.IsEarlier(scope.Name(leaf), scope.Name(BestLeaf));
        }

        private static int Compare(int first, int second) => first != 0 ? first : second;
    }
}
