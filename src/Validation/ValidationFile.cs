using System.Collections.Immutable;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Validation;

/// <summary>What a validation file says, checked for form but not against its schema.</summary>
/// <param name="At">The instant of every question that names none; null: now.</param>
internal sealed record ValidationFile(
    MappedText Schema, ImmutableArray<LocatedTuple> Tuples, Instant? At, ImmutableArray<ValidationTest> Tests);

/// <summary>One thing the file claims: a closed set.</summary>
internal abstract record ValidationTest(string Name, LinePosition Position)
{
    /// <summary><c>assertTrue</c>, <c>assertFalse</c>, <c>assertCaveated</c>: a check that is permitted, denied, or depends on the context.</summary>
    public sealed record Assertion(string Name, LinePosition Position, CheckQuestion Question, Outcome Expected) : ValidationTest(Name, Position);

    /// <summary><c>validation</c>: all the subjects of one permission, and the relations they are found through.</summary>
    public sealed record ExpectedSubjects(
        string Name, LinePosition Position, ObjectRef Resource, string Permission, ImmutableArray<ExpectedSubject> Subjects)
        : ValidationTest(Name, Position);

    /// <summary><c>decisions</c>: a check with its instant, its authority and its exact outcome.</summary>
    public sealed record Decision(
        string Name, LinePosition Position, CheckQuestion Question, Instant? At, Expectation Expected, Change Change)
        : ValidationTest(Name, Position);
}

/// <summary><c>[user:ann] is &lt;document:readme#viewer&gt;/&lt;…&gt;</c>; <c>[user:ann[...]]</c> when that depends on the context.</summary>
/// <param name="How">Its relations; for a wildcard also the subjects it does not stand for.</param>
internal sealed record ExpectedSubject(SubjectRef Subject, Found How);

/// <summary>What a decision must come out as; a part that is null may be anything.</summary>
/// <param name="Outcome">Unknown: the question, or the relationships given for it, are rejected.</param>
/// <param name="Code">Null: any, of a denial.</param>
/// <param name="Reason">Of a rejection: <c>AUTHORITY_RULE</c>.</param>
/// <param name="Missing">All the names of the context that a conditional answer depends on.</param>
internal sealed record Expectation(
    Outcome Outcome, DenialCode? Code = null, int? Hop = null, ObjectRef? Object = null, Instant? ValidUntil = null, string? Reason = null,
    ImmutableSortedSet<string>? Missing = null);

/// <summary>How one decision's relationships differ from the file's.</summary>
internal sealed record Change(ImmutableArray<LocatedTuple> Given, ImmutableArray<LocatedTuple> Without)
{
    public static readonly Change None = new([], []);

    /// <summary>Two changes with the same key lead to the same relationships.</summary>
    public string Key => string.Join('\n', Given.Select(t => $"+{t.Tuple}").Concat(Without.Select(t => $"-{t.Tuple}")).Order(StringComparer.Ordinal));
}
