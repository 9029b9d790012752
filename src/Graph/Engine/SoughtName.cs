using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// An object's name on its way from memory. Several are taken through the steps side by side, so that what they wait for comes side by side:
///
/// <code>
///   Seek: its slot ──► Guess: the number there, and the name behind it ──► Fetch: that name's text ──► Find: whether it is this one
/// </code>
/// </summary>
internal ref struct SoughtName
{
    private readonly NameTable? _table;
    private readonly ulong _hash;
    private readonly ReadOnlySpan<byte> _text;
    private uint _likely;

    private SoughtName(ObjectType? type, NameTable? table, ulong hash, ReadOnlySpan<byte> text)
    {
        Type = type;
        _table = table;
        _hash = hash;
        _text = text;
    }

    /// <summary>Null if the schema has no such type.</summary>
    public ObjectType? Type { get; }

    /// <param name="room">As long as the longest name, for its text.</param>
    public static SoughtName Seek(BoundSchema bound, ObjectRef name, Span<byte> room)
    {
        if (bound.Schema.FindType(name.Type) is not { } type) return default;
        NameTable table = bound[type.Id];
        ulong hash = table.Seek(name.Id, ref room);
        return new SoughtName(type, table, hash, room);
    }

    public void Guess() => _likely = _table is null || _hash == 0 ? 0 : _table.FindUnread(_hash);

    public readonly void Fetch()
    {
        if (_likely != 0) _table?.PrefetchText(_likely);
    }

    /// <summary>Its number; 0 if no tuple holds the name.</summary>
    public readonly uint Find()
    {
        if (_table is null || _likely == 0) return 0;
        return _text.SequenceEqual(_table.TextOf(_likely)) ? _likely : _table.Find(_hash, _text);
    }
}
