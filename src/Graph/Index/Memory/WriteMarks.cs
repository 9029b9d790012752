namespace AuthzGraph.Graph.Index.Memory;

/// <summary>
/// When objects were last written: the newest revision that put or removed an edge of which an object is the resource. Several objects
/// share a place, so what is told may be later than what is true, never earlier. One writer, who marks an object before the revision is
/// published; so whoever reads at a revision finds all marks of it.
/// </summary>
internal sealed class WriteMarks
{
    private const int Places = 1 << 14;

    private readonly ulong[] _last = new ulong[Places];

    /// <summary>Where an object's mark is.</summary>
    /// <param name="type">Any number that is the same for all objects of one type.</param>
    public static int PlaceOf(int type, uint number) => (int)((uint)type + number) & (Places - 1);

    /// <summary>The newest revision that wrote what has the place.</summary>
    public ulong this[int place] => Volatile.Read(ref _last[place]);

    /// <summary>Writer only.</summary>
    public void Mark(int place, ulong revision) => Volatile.Write(ref _last[place], Math.Max(_last[place], revision));

    /// <summary>Writer only, before there are readers: of what was written up to a revision nothing more is known.</summary>
    public void MarkAll(ulong revision) => Array.Fill(_last, revision);
}
