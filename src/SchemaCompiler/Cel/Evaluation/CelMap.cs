namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary>A map that does not change once it is built, in the order in which it was written. 1, 1u and 1.0 are one key.</summary>
internal sealed class CelMap
{
    private readonly Dictionary<CelValue, CelValue> _entries;
    private readonly List<CelValue> _keys;

    public CelMap(int capacity)
    {
        _entries = new Dictionary<CelValue, CelValue>(capacity, KeyComparer.Instance);
        _keys = new List<CelValue>(capacity);
    }

    public static CelMap Empty { get; } = new(0);

    public int Count => _keys.Count;

    public CelValue KeyAt(int index) => _keys[index];

    /// <summary>False for any value that cannot be a key.</summary>
    public bool TryGet(in CelValue key, out CelValue value) => _entries.TryGetValue(key, out value);

    /// <summary>False when the key is there already; then nothing changes.</summary>
    public bool TryAdd(in CelValue key, in CelValue value)
    {
        if (!_entries.TryAdd(key, value)) return false;
        _keys.Add(key);
        return true;
    }

    public static bool CanBeKey(in CelValue value) =>
        value.Kind is CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.String;

    private sealed class KeyComparer : IEqualityComparer<CelValue>
    {
        public static KeyComparer Instance { get; } = new();

        public bool Equals(CelValue left, CelValue right) =>
            left.Kind == CelKind.String && right.Kind == CelKind.String
                ? string.Equals(left.AsString, right.AsString, StringComparison.Ordinal)
                : Comparison.AreEqual(left, right);

        public int GetHashCode(CelValue key) => key.Kind switch
        {
            CelKind.String => key.AsString.GetHashCode(StringComparison.Ordinal),
            CelKind.Bool or CelKind.Int or CelKind.Uint => key.AsInt.GetHashCode(),
            CelKind.Double => Numbers.TryToInt(key.AsDouble, out long whole) ? whole.GetHashCode()
                : Numbers.TryToUint(key.AsDouble, out ulong large) ? unchecked((long)large).GetHashCode() : 0,
            _ => 0,
        };
    }
}
