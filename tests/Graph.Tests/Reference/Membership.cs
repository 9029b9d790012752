namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>
/// The four values of decision 0001: not a member, a member, unknown for one reason or several, or else conditional on
/// names that are missing. Reasons and names add up; they never stand beside <see cref="Member"/>.
/// </summary>
[Flags]
internal enum Membership
{
    NotMember = 0,
    Member = 1,
    TooDeep = 2,
    CycleThroughExclusion = 4,
    MissingAmount = 8,
    MissingCap = 16,
    MissingM = 32,
    MissingN = 64,
}

internal static class Memberships
{
    public static Membership From(bool isMember) => isMember ? Membership.Member : Membership.NotMember;

    private const Membership UnknownReasons = Membership.TooDeep | Membership.CycleThroughExclusion;

    public static bool IsUnknown(this Membership value) => (value & UnknownReasons) != 0;

    /// <summary>Names are missing, and nothing is unknown.</summary>
    public static bool IsConditional(this Membership value) => value > UnknownReasons && !value.IsUnknown();

    /// <summary>Member wins, then unknown, then conditional on the names of all that is open.</summary>
    public static Membership Or(this Membership left, Membership right) =>
        left == Membership.Member || right == Membership.Member ? Membership.Member : left | right;

    /// <summary>Not member wins, then unknown, then conditional.</summary>
    public static Membership And(this Membership left, Membership right) =>
        left == Membership.NotMember || right == Membership.NotMember ? Membership.NotMember
        : left == Membership.Member ? right
        : right == Membership.Member ? left
        : left | right;

    /// <summary>Base not member: not member. Subtracted member: not member. Then unknown, then conditional.</summary>
    public static Membership Minus(this Membership left, Membership subtracted) => left.And(Not(subtracted));

    private static Membership Not(Membership value) => value switch
    {
        Membership.Member => Membership.NotMember,
        Membership.NotMember => Membership.Member,
        _ => value,
    };
}
