namespace AuthzGraph.Graph.Collections;

/// <summary>
/// Objects by number, in pages that never move: no addition copies what is there, but for a table of a 256th of its size. Any thread may read and
/// write.
/// </summary>
internal sealed class PagedReferences<T> where T : class
{
    private const int PageBits = 8;
    private const int PageLength = 1 << PageBits;

    private readonly Lock _gate = new();
    private T?[]?[] _pages = [];

    /// <summary>What was put under a number; null if nothing was.</summary>
    public T? this[uint number]
    {
        get
        {
            T?[]?[] pages = Volatile.Read(ref _pages);
            return number >> PageBits < (uint)pages.Length && Volatile.Read(ref pages[number >> PageBits]) is { } page
                ? Volatile.Read(ref page[number & (PageLength - 1)])
                : null;
        }
        set => Volatile.Write(ref PageOf(number >> PageBits)[number & (PageLength - 1)], value);
    }

    private T?[] PageOf(uint page)
    {
        lock (_gate)
        {
            if (page >= (uint)_pages.Length)
            {
                T?[]?[] grown = new T?[]?[System.Numerics.BitOperations.RoundUpToPowerOf2(page + 1)];
                _pages.CopyTo(grown, 0);
                Volatile.Write(ref _pages, grown);
            }
            if (_pages[page] is { } there) return there;
            T?[] made = new T?[PageLength];
            Volatile.Write(ref _pages[page], made);
            return made;
        }
    }
}
