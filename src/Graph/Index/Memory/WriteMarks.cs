namespace AuthzGraph.Graph.Index.Memory;

/// <summary>
/// When objects were last written: the newest revision that put or removed an edge of which an object is the resource. Several objects
/// share a place, so what is told may be later than what is true, never earlier. There are more places once more was written. One writer, who marks
/// an object before the revision is published; so whoever reads at a revision finds all marks of it.
/// </summary>
internal sealed class WriteMarks
{
    private const int FewestPlaces = 1 << 7;
    private const int MostPlaces = 1 << 14;

    private ulong[] _last = new ulong[FewestPlaces];
    private int _marked;

    /// <summary>Where an object's mark is, however many places there are.</summary>
    /// <param name="type">Any number that is the same for all objects of one type.</param>
    public static int PlaceOf(int type, uint number) => (int)((uint)type + number) & (MostPlaces - 1);

    /// <summary>The newest revision that wrote what has the place.</summary>
    public ulong this[int place] => Volatile.Read(ref At(Volatile.Read(ref _last), place));

    /// <summary>Writer only.</summary>
    public void Mark(int place, ulong revision)
    {
        if (_last.Length < MostPlaces && ++_marked > _last.Length) Grow();
        ref ulong last = ref At(_last, place);
        Volatile.Write(ref last, Math.Max(last, revision));
    }

    /// <summary>Writer only, before there are readers: of what was written up to a revision nothing more is known.</summary>
    public void MarkAll(ulong revision) => Array.Fill(_last, revision);

    private static ref ulong At(ulong[] places, int place) => ref places[place & (places.Length - 1)];

    // whoever still reads the old places reads at a revision that was published before, whose marks are there
    private void Grow() => Volatile.Write(ref _last, [.. _last, .. _last]);
}
