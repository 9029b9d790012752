using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>Chooses the mode of a decision (DESIGN §5, docs/decisions/0001 "Modes") and makes it.</summary>
internal static class Decider
{
    public static Answer Decide(DecisionScope scope, in ResolvedQuestion question, Evidence? evidence)
    {
        Verdict verdict = DecideMode(scope, question, evidence);
        if (!verdict.IsPermit) scope.Missing.Clear();
        evidence?.Fill(scope, verdict);
        return new Answer
        {
            Outcome = !verdict.IsPermit ? Outcome.Denied : scope.Missing.Count > 0 ? Outcome.Conditional : Outcome.Permitted,
            Missing = scope.MissingNames(),
            Code = verdict.Code,
            Hop = verdict.Hop,
            Object = verdict.IsPermit ? default : scope.Name(verdict.Object),
            ValidUntil = scope.Until,
        };
    }

    private static Verdict DecideMode(DecisionScope scope, in ResolvedQuestion question, Evidence? evidence)
    {
        if (!scope.Schema.UsesDelegation || question.Subject.Relation is not null) return Direct(scope, question, evidence);
        ObjectKey presenter = question.Subject.Object;
        PrincipalKind? kind = Principals.KindOf(scope, presenter);
        if (kind is not null && Principals.IsSuspended(scope, presenter, out LiveEdge suspension))
            return new(DenialCode.PresenterSuspended, 0, 0, presenter, suspension);
        if (question.IsActing) return Delegated.Decide(scope, question, evidence is not null);
        return kind == PrincipalKind.Agent ? Autonomous(scope, question, evidence) : Direct(scope, question, evidence);
    }

    private static Verdict Autonomous(DecisionScope scope, in ResolvedQuestion question, Evidence? evidence)
    {
        ObjectKey agent = question.Subject.Object;
        if (!scope.Schema[question.Member].IsAutonomous) return new(DenialCode.NotAutonomous, 0, 0, agent);
        DenialCode unsponsored = Principals.Unsponsored(scope, agent);
        return unsponsored == DenialCode.None ? Direct(scope, question, evidence) : new(unsponsored, 0, 0, agent);
    }

    private static Verdict Direct(DecisionScope scope, in ResolvedQuestion question, Evidence? evidence)
    {
        scope.KeepsWitness = evidence is not null;
        Finding found = PlainChecker.Check(scope, question.Resource, question.Member, question.Subject);
        if (found.Truth == Truth.Unknown) throw scope.TakeFault();
        scope.Consult(found.Until);
        return !found.IsNotMember ? Verdict.Permit : new(DenialCode.NoPermission, 0, 0, question.Resource);
    }
}
