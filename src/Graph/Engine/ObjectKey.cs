using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>An object by number: its type in the schema at hand and its place in that type's name table.</summary>
/// <remarks>One word, so that it is passed, compared and looked for as one.</remarks>
internal readonly record struct ObjectKey
{
    private readonly ulong _word;

    public ObjectKey(TypeId type, uint number) => _word = (ulong)type.Value << 32 | number;

    public TypeId Type => new((ushort)(_word >> 32));
    public uint Number => (uint)_word;
}

/// <summary>The subject of a check by number; <paramref name="Relation"/> makes it a userset.</summary>
internal readonly record struct SubjectKey(ObjectKey Object, MemberId? Relation = null);

/// <summary>What evaluating a branch found. Zero is unknown, so a forgotten value never allows.</summary>
internal enum Truth : byte { Unknown, NotMember, Conditional, Member }

/// <summary>A branch's truth and the first instant after now at which a fact it rests on changes by itself.</summary>
internal readonly record struct Finding(Truth Truth, Instant Until)
{
    public static readonly Finding No = new(Truth.NotMember, Instant.Never);
    public static readonly Finding Yes = new(Truth.Member, Instant.Never);
    public static readonly Finding Unknown = default;

    public bool IsMember => Truth == Truth.Member;
    public bool IsNotMember => Truth == Truth.NotMember;

    /// <summary>The opposite: what is open stays open.</summary>
    public Finding Not() => Truth switch
    {
        Truth.Member => this with { Truth = Truth.NotMember },
        Truth.NotMember => this with { Truth = Truth.Member },
        _ => this,
    };

    /// <summary>Both must hold.</summary>
    public static Finding And(Finding left, Finding right)
    {
        if (left.IsNotMember) return left;
        if (right.IsNotMember) return right;
        return new Finding(Weaker(left.Truth, right.Truth), Instant.Min(left.Until, right.Until));
    }

    /// <summary>Either may hold.</summary>
    public static Finding Or(Finding left, Finding right)
    {
        if (left.IsMember) return left;
        if (right.IsMember) return right;
        Truth truth = left.IsNotMember ? right.Truth : right.IsNotMember ? left.Truth : Weaker(left.Truth, right.Truth);
        return new Finding(truth, Instant.Min(left.Until, right.Until));
    }

    // unknown is the least, and beats conditional on either side
    private static Truth Weaker(Truth left, Truth right) => left < right ? left : right;

    public Finding Before(Instant end) => this with { Until = Instant.Min(Until, end) };
}
