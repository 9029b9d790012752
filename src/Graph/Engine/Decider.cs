using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>Chooses the mode of a decision (DESIGN §5, docs/decisions/0001 "Modes") and makes it.</summary>
internal static class Decider
{
    /// <param name="explain">Whether the scope is to be left as the evidence needs it: the chosen chain, and the witness of a permit.</param>
    public static Ruling Decide(DecisionScope scope, in ResolvedQuestion question, bool explain)
    {
        scope.Explains = explain;
        Verdict verdict = DecideMode(scope, question);
        if (!verdict.IsPermit) scope.Missing.Clear();
        Outcome outcome = !verdict.IsPermit ? Outcome.Denied : scope.Missing.Count > 0 ? Outcome.Conditional : Outcome.Permitted;
        return new Ruling(outcome, verdict, scope.Until);
    }

    private static Verdict DecideMode(DecisionScope scope, in ResolvedQuestion question)
    {
        if (!scope.Schema.UsesDelegation || question.Subject.Relation is not null) return Direct(scope, question);
        ObjectKey presenter = question.Subject.Object;
        PrincipalKind? kind = Principals.KindOf(scope, presenter);
        if (kind is not null && Principals.IsSuspended(scope, presenter, out LiveEdge suspension))
            return scope.Deny(DenialCode.PresenterSuspended, 0, 0, presenter, suspension);
        if (question.IsActing) return Delegated.Decide(scope, question);
        return kind == PrincipalKind.Agent ? Autonomous(scope, question) : Direct(scope, question);
    }

    private static Verdict Autonomous(DecisionScope scope, in ResolvedQuestion question)
    {
        ObjectKey agent = question.Subject.Object;
        if (!scope.Schema[question.Member].IsAutonomous) return scope.Deny(DenialCode.NotAutonomous, 0, 0, agent);
        DenialCode unsponsored = Principals.Unsponsored(scope, agent);
        return unsponsored == DenialCode.None ? Direct(scope, question) : scope.Deny(unsponsored, 0, 0, agent);
    }

    private static Verdict Direct(DecisionScope scope, in ResolvedQuestion question)
    {
        scope.KeepsWitness = scope.Explains;
        Finding found = PlainChecker.Check(scope, question.Resource, question.Member, question.Subject);
        if (found.Truth == Truth.Unknown) throw scope.TakeFault();
        scope.Consult(found.Until);
        return !found.IsNotMember ? Verdict.Permit : scope.Deny(DenialCode.NoPermission, 0, 0, question.Resource);
    }
}
