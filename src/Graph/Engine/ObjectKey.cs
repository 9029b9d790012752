using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>An object by number: its type in the schema at hand and its place in that type's name table.</summary>
internal readonly record struct ObjectKey(TypeId Type, uint Number);

/// <summary>The subject of a check by number; <paramref name="Relation"/> makes it a userset.</summary>
internal readonly record struct SubjectKey(ObjectKey Object, MemberId? Relation = null);

/// <summary>What evaluating a branch found. Zero is unknown, so a forgotten value never allows.</summary>
internal enum Truth : byte { Unknown, NotMember, Member }

/// <summary>A branch's truth and the first instant after now at which a fact it rests on changes by itself.</summary>
internal readonly record struct Finding(Truth Truth, Instant Until)
{
    public static readonly Finding No = new(Truth.NotMember, Instant.Never);
    public static readonly Finding Yes = new(Truth.Member, Instant.Never);
    public static readonly Finding Unknown = default;

    public bool IsMember => Truth == Truth.Member;
    public bool IsNotMember => Truth == Truth.NotMember;

    public Finding Before(Instant end) => this with { Until = Instant.Min(Until, end) };
}
