using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// An object's name on its way from memory. Several are taken through the steps side by side, so that what they wait for comes side by side:
///
/// <code>
///   Seek: its slot ──► Guess: the number there, and the text it stands for ──► Find: whether that is this name
/// </code>
/// </summary>
internal struct SoughtName
{
    private NameTable? _table;
    private ulong _hash;
    private NameEntry _guess;

    /// <summary>Null if the schema has no such type.</summary>
    public ObjectType? Type { get; private init; }

    /// <summary>What it most likely is; null if no tuple holds the name, or before the guess.</summary>
    public readonly ObjectKey? Likely => Type is { } type && !_guess.IsNone ? new ObjectKey(type.Id, _guess.Number) : null;

    public static SoughtName Seek(BoundSchema bound, ObjectRef name)
    {
        if (bound.Schema.FindType(name.Type) is not { } type) return default;
        NameTable table = bound[type.Id];
        ulong hash = table.HashOf(name.Id);
        table.PrefetchSlot(hash);
        return new SoughtName { Type = type, _table = table, _hash = hash };
    }

    public void Guess()
    {
        if (_table is not null) _guess = _table.FindUnread(_hash);
    }

    /// <summary>Its number; 0 if no tuple holds the name.</summary>
    /// <param name="name">The id that was sought.</param>
    public readonly uint Find(string name)
    {
        if (_table is null || _guess.IsNone) return 0;
        return _table.IsOf(_guess, name) ? _guess.Number : _table.Find(_hash, name);
    }
}
