using System.Collections.Immutable;
using System.Diagnostics;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Validation;

/// <summary>Holds one test against a snapshot: what was expected, what came out, and why.</summary>
internal static class Judgement
{
    public static TestResult Of(ValidationTest test, Snapshot snapshot) => test switch
    {
        ValidationTest.Assertion assertion => Check(assertion, assertion.Question, AsExpectation(assertion), snapshot),
        ValidationTest.Decision decision => Check(decision, decision.Question, decision.Expected, snapshot),
        ValidationTest.ExpectedSubjects subjects => Subjects(subjects, snapshot),
        _ => throw new UnreachableException(),
    };

    /// <summary>A test whose question, or relationships, the graph refused: as it should be, or not.</summary>
    public static TestResult Of(ValidationTest test, RejectionException refused)
    {
        bool passed = test is ValidationTest.Decision { Expected: { Outcome: Outcome.Unknown } expected }
            && (expected.Reason is null || expected.Reason == refused.Reason);
        return new TestResult(test.Name, test.Position, passed, Expected(test), Explanation.Rejected(refused.Reason), [refused.Message]);
    }

    private static string Expected(ValidationTest test) => test switch
    {
        ValidationTest.Assertion assertion => Explanation.Of(AsExpectation(assertion)),
        ValidationTest.Decision decision => Explanation.Of(decision.Expected),
        ValidationTest.ExpectedSubjects subjects => $"{subjects.Subjects.Length} subjects",
        _ => throw new UnreachableException(),
    };

    private static Expectation AsExpectation(ValidationTest.Assertion assertion) => new(assertion.Expected);

    private static TestResult Check(ValidationTest test, CheckQuestion question, Expectation expected, Snapshot snapshot)
    {
        Evidence evidence = new();
        Answer answer = snapshot.Check(question, evidence);
        return new TestResult(
            test.Name, test.Position, Meets(answer, expected), Explanation.Of(expected), Explanation.Of(answer, expected),
            Explanation.Why(question, snapshot.Instant, answer, evidence));
    }

    private static bool Meets(Answer answer, Expectation expected) =>
        answer.Outcome == expected.Outcome
        && (expected.Code is null || expected.Code == answer.Code)
        && (expected.Hop is null || expected.Hop == answer.Hop)
        && (expected.Object is null || expected.Object == answer.Object)
        && (expected.ValidUntil is null || expected.ValidUntil == answer.ValidUntil)
        && (expected.Missing is null || expected.Missing.SetEquals(answer.Missing));

    private static TestResult Subjects(ValidationTest.ExpectedSubjects test, Snapshot snapshot)
    {
        ImmutableArray<string> differences = [.. ExpectedSubjects.Differences(test, FoundSubjects.Of(snapshot, test.Resource, test.Permission))];
        return new TestResult(
            test.Name, test.Position, differences.IsEmpty, Expected(test),
            differences.IsEmpty ? "exactly these" : $"{differences.Length} differ", differences);
    }
}
