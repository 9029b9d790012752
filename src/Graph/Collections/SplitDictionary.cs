using System.Diagnostics.CodeAnalysis;

namespace AuthzGraph.Graph.Collections;

/// <summary>
/// A dictionary by text in so many small ones that none takes long to grow: one of a million entries would copy them all within one addition. For
/// one thread.
/// </summary>
internal sealed class SplitDictionary<T>
{
    private const int Parts = 128;

    private readonly Dictionary<string, T>?[] _parts = new Dictionary<string, T>?[Parts];

    public int Count { get; private set; }

    /// <summary>All entries, in any order.</summary>
    public IEnumerable<KeyValuePair<string, T>> All => _parts.OfType<Dictionary<string, T>>().SelectMany(part => part);

    public T this[string key]
    {
        set
        {
            Dictionary<string, T> part = _parts[PlaceOf(key)] ??= new Dictionary<string, T>(StringComparer.Ordinal);
            Count -= part.Count;
            part[key] = value;
            Count += part.Count;
        }
    }

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
    {
        if (_parts[PlaceOf(key)] is { } part) return part.TryGetValue(key, out value);
        value = default;
        return false;
    }

    public void Remove(string key)
    {
        if (_parts[PlaceOf(key)]?.Remove(key) == true) Count--;
    }

    private static int PlaceOf(string key) => key.GetHashCode(StringComparison.Ordinal) & (Parts - 1);
}
