namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>
/// The four values of decision 0001 without the conditional one: not a member, a member, or unknown for one reason or
/// several. Unknown reasons add up; a reason never stands beside <see cref="Member"/>.
/// </summary>
[Flags]
internal enum Membership
{
    NotMember = 0,
    Member = 1,
    TooDeep = 2,
    CycleThroughExclusion = 4,
}

internal static class Memberships
{
    public static Membership From(bool isMember) => isMember ? Membership.Member : Membership.NotMember;

    public static bool IsUnknown(this Membership value) => value is not (Membership.Member or Membership.NotMember);

    /// <summary>Member wins, then unknown.</summary>
    public static Membership Or(this Membership left, Membership right) =>
        left == Membership.Member || right == Membership.Member ? Membership.Member : left | right;

    /// <summary>Not member wins, then unknown.</summary>
    public static Membership And(this Membership left, Membership right) =>
        left == Membership.NotMember || right == Membership.NotMember ? Membership.NotMember
        : left == Membership.Member ? right
        : right == Membership.Member ? left
        : left | right;

    /// <summary>Base not member: not member. Subtracted member: not member. Then unknown.</summary>
    public static Membership Minus(this Membership left, Membership subtracted) => left.And(Not(subtracted));

    private static Membership Not(Membership value) => value switch
    {
        Membership.Member => Membership.NotMember,
        Membership.NotMember => Membership.Member,
        _ => value,
    };
}
