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
    /// <summary><c>assertTrue</c>, <c>assertFalse</c>: a check that is permitted, or not.</summary>
    public sealed record Assertion(string Name, LinePosition Position, CheckQuestion Question, bool IsPermitted) : ValidationTest(Name, Position);

    /// <summary><c>validation</c>: all the subjects of one permission, and the relations they are found through.</summary>
    public sealed record ExpectedSubjects(
        string Name, LinePosition Position, ObjectRef Resource, string Permission, ImmutableArray<ExpectedSubject> Subjects)
        : ValidationTest(Name, Position);

    /// <summary><c>decisions</c>: a check with its instant, its authority and its exact outcome.</summary>
    public sealed record Decision(
        string Name, LinePosition Position, CheckQuestion Question, Instant? At, Expectation Expected, Change Change)
        : ValidationTest(Name, Position);

    /// <summary>Something this version can't decide; it fails and says so.</summary>
    public sealed record Unsupported(string Name, LinePosition Position, string Expected, string Why) : ValidationTest(Name, Position);
}

/// <summary><c>[user:ann] is &lt;document:readme#viewer&gt;/&lt;…&gt;</c></summary>
/// <param name="Except">For a wildcard: the subjects it does not stand for.</param>
internal sealed record ExpectedSubject(SubjectRef Subject, ImmutableSortedSet<string> Except, ImmutableSortedSet<string> Relations);

/// <summary>What a decision must come out as; a part that is null may be anything.</summary>
/// <param name="Outcome">Unknown: the question, or the relationships given for it, are rejected.</param>
/// <param name="Code">Null: any, of a denial.</param>
/// <param name="Reason">Of a rejection: <c>AUTHORITY_RULE</c>.</param>
internal sealed record Expectation(
    Outcome Outcome, DenialCode? Code = null, int? Hop = null, ObjectRef? Object = null, Instant? ValidUntil = null, string? Reason = null);

/// <summary>How one decision's relationships differ from the file's.</summary>
internal sealed record Change(ImmutableArray<LocatedTuple> Given, ImmutableArray<LocatedTuple> Without)
{
    public static readonly Change None = new([], []);

    /// <summary>Two changes with the same key lead to the same relationships.</summary>
    public string Key => string.Join('\n', Given.Select(t => $"+{t.Tuple}").Concat(Without.Select(t => $"-{t.Tuple}")).Order(StringComparer.Ordinal));
}
