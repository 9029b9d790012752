using System.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Reflection;

/// <summary>How a member enters the set that uses it.</summary>
[Flags]
public enum UseSign : byte
{
    None = 0,

    /// <summary>The more it holds, the more the user holds.</summary>
    Adds = 1,

    /// <summary>The more it holds, the less the user holds.</summary>
    Subtracts = 2,

    Both = Adds | Subtracts,
}

/// <summary>Where a used member is looked at.</summary>
public enum UsePlace : byte
{
    /// <summary>On the object itself.</summary>
    Same,

    /// <summary>On the object itself, as the relation whose edges an arrow goes along.</summary>
    Along,

    /// <summary>On the objects at the other end of an arrow.</summary>
    Beyond,

    /// <summary>On the objects whose usersets a relation lists.</summary>
    Userset,
}

/// <summary>One use of a member by another.</summary>
public readonly record struct MemberUse(MemberId Member, UseSign Sign, UsePlace Place);

/// <summary>What a member is made of: a permission of what its rewrite names, a relation of the usersets it lists.</summary>
public static class MemberUses
{
    public static IEnumerable<MemberUse> Of(Member member) => member switch
    {
        Permission permission => Of(permission.Rewrite, UseSign.Adds),
        Relation relation => relation.EdgeTypes.Where(e => e.SubjectRelation is not null).Select(e => new MemberUse(e.SubjectRelation ?? default, UseSign.Adds, UsePlace.Userset)),
        _ => throw new UnreachableException(),
    };

    /// <summary>The sign of a use within something that is itself used.</summary>
    internal static UseSign Times(this UseSign left, UseSign right)
    {
        UseSign product = UseSign.None;
        if (left.HasFlag(UseSign.Adds)) product |= right;
        if (left.HasFlag(UseSign.Subtracts)) product |= Opposite(right);
        return product;
    }

    private static IEnumerable<MemberUse> Of(Rewrite rewrite, UseSign sign) => rewrite switch
    {
        Rewrite.Nil or Rewrite.Self => [],
        Rewrite.Reference reference => [new MemberUse(reference.Member, sign, UsePlace.Same)],
        Rewrite.Union union => union.Arms.SelectMany(arm => Of(arm, sign)),
        Rewrite.Intersection all => all.Arms.SelectMany(arm => Of(arm, sign)),
        Rewrite.Exclusion exclusion => Of(exclusion.Base, sign).Concat(Of(exclusion.Subtracted, Opposite(sign))),
        Rewrite.Arrow arrow => Of(arrow, sign),
        _ => throw new UnreachableException(),
    };

    // one more object to walk to may break `.all`, and the first one may make it true
    private static IEnumerable<MemberUse> Of(Rewrite.Arrow arrow, UseSign sign) => arrow.Targets
        .Select(target => new MemberUse(target.Member, sign, UsePlace.Beyond))
        .Prepend(new MemberUse(arrow.Relation, arrow.Kind == ArrowKind.All ? UseSign.Both : sign, UsePlace.Along));

    private static UseSign Opposite(UseSign sign) => sign switch
    {
        UseSign.Adds => UseSign.Subtracts,
        UseSign.Subtracts => UseSign.Adds,
        _ => sign,
    };
}
