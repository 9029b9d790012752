namespace AuthzGraph.Graph.Engine;

/// <summary>A list of objects that are looked for.</summary>
internal sealed class ObjectList
{
    private ObjectKey[] _items = new ObjectKey[16];

    public int Count { get; private set; }

    public ObjectKey this[int index] => _items[index];

    public ReadOnlySpan<ObjectKey> Items => _items.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(ObjectKey item)
    {
        if (Count == _items.Length) Array.Resize(ref _items, Count * 2);
        _items[Count++] = item;
    }

    public bool Contains(ObjectKey item) => Items.Contains(item);
}
