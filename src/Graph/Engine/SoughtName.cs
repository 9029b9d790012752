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
internal struct SoughtName
{
    private NameTable? _table;
    private ulong _hash;

    /// <summary>Null if the schema has no such type.</summary>
    public ObjectType? Type { get; private init; }

    /// <summary>The number it most likely has; 0 if no tuple holds the name, or before the guess.</summary>
    public uint Likely { get; private set; }

    /// <param name="text">Room for the longest name; afterwards the name in UTF-8.</param>
    public static SoughtName Seek(BoundSchema bound, ObjectRef name, ref Span<byte> text)
    {
        if (bound.Schema.FindType(name.Type) is not { } type) return default;
        NameTable table = bound[type.Id];
        return new SoughtName { Type = type, _table = table, _hash = table.Seek(name.Id, ref text) };
    }

    public void Guess() => Likely = _table is null || _hash == 0 ? 0 : _table.FindUnread(_hash);

    public readonly void Fetch()
    {
        if (Likely != 0) _table?.PrefetchText(Likely);
    }

    /// <summary>Its number; 0 if no tuple holds the name.</summary>
    /// <param name="text">What <see cref="Seek"/> left.</param>
    public readonly uint Find(ReadOnlySpan<byte> text)
    {
        if (_table is null || Likely == 0) return 0;
        return text.SequenceEqual(_table.TextOf(Likely)) ? Likely : _table.Find(_hash, text);
    }
}
