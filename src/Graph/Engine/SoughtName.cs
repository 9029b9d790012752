using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// An object's name on its way from memory. Several are taken through the steps side by side, so that what they wait for comes side by side:
///
/// <code>
///   Seek: where its slot is ──► Reach: the slot ──► Guess: the number there, and the text it stands for ──► Find: whether that is this name
/// </code>
/// </summary>
/// <remarks>Holds no references: it is written over for every question.</remarks>
internal struct SoughtName
{
    private ulong _hash;
    private NameEntry _guess;

    /// <summary>Null if the schema has no such type.</summary>
    public TypeId? Type { get; private set; }

    /// <summary>What it most likely is; null if no tuple holds the name, or before the guess.</summary>
    public readonly ObjectKey? Likely => Type is { } type && !_guess.IsNone ? new ObjectKey(type, _guess.Number) : null;

    /// <summary>Begins anew. Names that follow each other here are often of one type.</summary>
    public void Seek(BoundSchema bound, ObjectRef name)
    {
        _guess = default;
        if (Type is not { } before || bound.Schema[before].Name != name.Type) Type = bound.Schema.FindType(name.Type)?.Id;
        if (Type is not { } type) return;
        NameTable table = bound[type];
        _hash = table.HashOf(name.Id);
        table.PrefetchPart(_hash);
    }

    public readonly void Reach(BoundSchema bound)
    {
        if (Type is { } type) bound[type].PrefetchSlot(_hash);
    }

    public void Guess(BoundSchema bound)
    {
        if (Type is { } type) _guess = bound[type].FindUnread(_hash);
    }

    /// <summary>Its number; 0 if no tuple holds the name.</summary>
    /// <param name="name">The id that was sought.</param>
    public readonly uint Find(BoundSchema bound, string name)
    {
        if (Type is not { } type || _guess.IsNone) return 0;
        NameTable table = bound[type];
        return table.IsOf(_guess, name) ? _guess.Number : table.Find(_hash, name);
    }
}
