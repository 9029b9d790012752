namespace AuthzGraph.Model;

/// <summary>The answer to a check. Zero is no answer at all, so a forgotten value never allows.</summary>
public enum Outcome : byte
{
    Unknown,
    Denied,
    Permitted,

    /// <summary>It depends on context that was not given: <c>Answer.Missing</c> names it.</summary>
    Conditional,
}

/// <summary>Why a check was denied (DESIGN §5). The order within a scope is the order in which reasons are reported.</summary>
public enum DenialCode : byte
{
    None,

    // direct
    PresenterSuspended,
    NotAutonomous,
    NoPermission,

    // chain
    NoDelegation,
    PresenterMismatch,
    RootMismatch,
    TaskMismatch,
    HopUnknown,
    HopAmbiguous,
    CustodyBroken,
    Cycle,
    DepthExceeded,
    NotDelegable,

    // hop
    NotYetValid,
    Expired,
    Revoked,
    TaskMissing,
    TaskInactive,
    RedelegationForbidden,
    PrincipalSuspended,
    SponsorMissing,
    SponsorInactive,
    ScopePermission,
    ScopeResource,
    CaveatFalse,
    TtlLimit,
    ApprovalRequired,

    // root
    RootSuspended,
    RootLacksPermission,
}

/// <summary>Denial codes as people and wires write them: <c>SCOPE_RESOURCE</c>.</summary>
public static class DenialCodes
{
    private static readonly string[] Texts = Array.ConvertAll(Enum.GetNames<DenialCode>(), ToScreamingSnake);

    public static string ToText(this DenialCode code) => Texts[(int)code];

    public static bool TryParse(string text, out DenialCode code)
    {
        int index = Array.IndexOf(Texts, text);
        code = index < 0 ? DenialCode.None : (DenialCode)index;
        return index > 0;
    }

    private static string ToScreamingSnake(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsAsciiLetterUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()));
}

/// <summary>On whose authority an agent asks: a delegation, or a root it acts for, or both; a task narrows either.</summary>
/// <param name="Delegation">The leaf hop, an object of a <c>delegation</c> type.</param>
/// <param name="Root">The principal whose authority is used.</param>
/// <param name="Task">The task the chain must belong to: the one named or one under it.</param>
public readonly record struct Acting(ObjectRef? Delegation = null, ObjectRef? Root = null, ObjectRef? Task = null)
{
    public bool IsNone => Delegation is null && Root is null && Task is null;
}

/// <summary>A question: may <paramref name="Subject"/> do <paramref name="Permission"/> on <paramref name="Resource"/>?</summary>
/// <param name="Permission">A permission or a relation of the resource's type.</param>
/// <param name="ContextJson">What caveats may ask for, as a JSON object; a tuple's own context beats it. Null: nothing.</param>
public readonly record struct CheckQuestion(
    ObjectRef Resource, string Permission, SubjectRef Subject, Acting Acting = default, string? ContextJson = null);

/// <summary>The number of a transaction: dense, from 1; 0 is the empty store.</summary>
public readonly record struct Revision(ulong Value) : IComparable<Revision>
{
    public Revision Next => new(Value + 1);
    public int CompareTo(Revision other) => Value.CompareTo(other.Value);
    public static bool operator <(Revision left, Revision right) => left.Value < right.Value;
    public static bool operator >(Revision left, Revision right) => left.Value > right.Value;
    public static bool operator <=(Revision left, Revision right) => left.Value <= right.Value;
    public static bool operator >=(Revision left, Revision right) => left.Value >= right.Value;
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
