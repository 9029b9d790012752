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
