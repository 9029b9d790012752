using System.Runtime.CompilerServices;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine;

/// <summary>What evaluating a branch found. Zero is unknown, so a forgotten value never allows.</summary>
internal enum Truth : byte { Unknown, NotMember, Conditional, Member }

/// <summary>A branch's truth and the first instant after now at which a fact it rests on changes by itself.</summary>
/// <remarks>One word, the truth in its lowest two bits; what changes later than 70,000 years from 1970 never changes.</remarks>
internal readonly record struct Finding
{
    private const int TruthBits = 2;
    private const long TruthMask = (1 << TruthBits) - 1;
    private const long Never = long.MaxValue >> TruthBits;

    private readonly long _word;

    public Finding(Truth truth, Instant until) => _word = Math.Clamp(until.Microseconds, ~Never, Never) << TruthBits | (long)truth;

    private Finding(long word) => _word = word;

    public static Finding No => new(Never << TruthBits | (long)Truth.NotMember);
    public static Finding Yes => new(Never << TruthBits | (long)Truth.Member);
    public static Finding Unknown => default;

    public Truth Truth => (Truth)(_word & TruthMask);
    public Instant Until
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _word >> TruthBits == Never ? Instant.Never : new Instant(_word >> TruthBits);
    }

    public bool IsMember => Truth == Truth.Member;
    public bool IsNotMember => Truth == Truth.NotMember;

    /// <summary>The opposite: what is open stays open.</summary>
    public Finding Not() => Truth switch
    {
        Truth.Member => With(Truth.NotMember),
        Truth.NotMember => With(Truth.Member),
        _ => this,
    };

    /// <summary>Both must hold.</summary>
    public static Finding And(Finding left, Finding right)
    {
        if (left.IsNotMember) return left;
        if (right.IsNotMember) return right;
        return Earlier(left, right).With(Weaker(left.Truth, right.Truth));
    }

    /// <summary>Either may hold.</summary>
    public static Finding Or(Finding left, Finding right)
    {
        if (left.IsMember) return left;
        if (right.IsMember) return right;
        Truth truth = left.IsNotMember ? right.Truth : right.IsNotMember ? left.Truth : Weaker(left.Truth, right.Truth);
        return Earlier(left, right).With(truth);
    }

    public Finding Before(Instant end) => Earlier(this, new Finding(Truth, end)).With(Truth);

    private Finding With(Truth truth) => new(_word & ~TruthMask | (long)truth);

    private static Finding Earlier(Finding left, Finding right) => new(Math.Min(left._word, right._word));

    // unknown is the least, and beats conditional on either side
    private static Truth Weaker(Truth left, Truth right) => left < right ? left : right;
}
