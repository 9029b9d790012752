using System.Collections.Immutable;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Validation;

/// <summary>Says in words what was expected, what came out, and why.</summary>
internal static class Explanation
{
    public static string Of(Expectation expected) => expected.Outcome == Outcome.Unknown
        ? Rejected(expected.Reason)
        : Text(expected.Outcome, expected.Code, expected.Hop, expected.Object, expected.ValidUntil, expected.Missing);

    public static string Rejected(string? reason) => reason is null ? "REJECTED" : $"REJECTED with {reason}";

    /// <summary>The answer, with the parts that <paramref name="expected"/> asks for.</summary>
    public static string Of(Answer answer, Expectation expected) => Text(
        answer.Outcome, answer.Outcome == Outcome.Denied ? answer.Code : null,
        expected.Hop is null && answer.Hop == 0 ? null : answer.Hop,
        answer.Outcome != Outcome.Denied || answer.Object == default ? null : answer.Object,
        expected.ValidUntil is null ? null : answer.ValidUntil,
        answer.Missing);

    /// <summary>The question, then the fact a denial rests on, then the chain, then the proof of a permit.</summary>
    public static ImmutableArray<string> Why(CheckQuestion question, Instant at, Answer answer, Evidence evidence)
    {
        List<string> lines = [$"{question.Full()} at {at}"];
        if (evidence.FailedFact is { } fact) lines.Add($"because of {fact}");
        lines.AddRange(evidence.Chain.Select(Hop));
        if (answer.IsPermitted) lines.AddRange(evidence.Witness.Select(tuple => $"proof: {tuple}"));
        return [.. lines];
    }

    private static string Text(Outcome outcome, DenialCode? code, int? hop, ObjectRef? about, Instant? validUntil, IEnumerable<string>? missing)
    {
        string text = outcome switch
        {
            Outcome.Permitted => "PERMITTED",
            Outcome.Conditional => "CONDITIONAL",
            _ => code?.ToText() ?? "DENIED",
        };
        if (missing is not null && string.Join(", ", missing) is { Length: > 0 } names) text += $" on {names}";
        if (hop is not null) text += $" at hop {hop}";
        if (about is not null) text += $" about {about}";
        if (validUntil is not null) text += $" until {validUntil}";
        return text;
    }

    private static string Hop(HopReport hop, int index)
    {
        string verdict = hop.Verdict switch
        {
            HopVerdict.Holds => "holds",
            HopVerdict.Broken => hop.Code.ToText(),
            _ => "not reached",
        };
        return $"hop {index + 1}: {hop.Hop} {Name(hop.Delegator)} → {Name(hop.Delegate)}, {hop.Window.NotBefore} to {hop.Window.ExpiresAt}: {verdict}";
    }

    private static string Name(ObjectRef? principal) => principal?.ToString() ?? "?";
}
