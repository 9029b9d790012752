using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// An object's name that the processor looks for already: several are sought before the first is found, so that they come
/// from memory side by side.
/// </summary>
internal readonly ref struct SoughtName
{
    private readonly ulong _hash;
    private readonly ReadOnlySpan<byte> _text;

    private SoughtName(ObjectType? type, ulong hash, ReadOnlySpan<byte> text)
    {
        Type = type;
        _hash = hash;
        _text = text;
    }

    /// <summary>Null if the schema has no such type.</summary>
    public ObjectType? Type { get; }

    /// <param name="room">As long as the longest name, for its text.</param>
    public static SoughtName Seek(BoundSchema bound, ObjectRef name, Span<byte> room)
    {
        ObjectType? type = bound.Schema.FindType(name.Type);
        ulong hash = type is null ? 0 : bound[type.Id].Seek(name.Id, ref room);
        return new SoughtName(type, hash, room);
    }

    /// <summary>Its number; 0 if no tuple holds the name.</summary>
    public uint Find(BoundSchema bound) => Type is null || _hash == 0 ? 0 : bound[Type.Id].Find(_hash, _text);
}
