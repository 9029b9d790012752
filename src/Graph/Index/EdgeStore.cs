using System.Runtime.InteropServices;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index;

/// <summary>One version of one edge: visible to revisions in <c>[Created, Deleted)</c>, true at instants in the window.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct EdgeVersion
{
    public uint Resource;
    public uint Subject;
    public ulong Created;
    public ulong Deleted;
    public Window Window;
    public uint Caveat;
    public int NextOfResource;      // places are counted from 1; 0 ends a list
    public int NextOfSubject;
    public int Older;               // the version of the same edge before this one

    public readonly bool IsVisibleAt(ulong revision) => Created <= revision && revision < Volatile.Read(in Deleted);
}

/// <summary>
/// All edges of one edge type, forward and reverse, every version of each.
///
/// Versions are appended and never move. Three ways lead to them: a hash table by (resource, subject) to the newest
/// version, from which older ones hang; a list per resource; a list per subject, both newest first. One writer appends a
/// version, then publishes the heads that lead to it. Readers take no lock: what they can reach is whole, and what is
/// newer than their revision they pass over. Grown arrays are published whole; a reader that still holds the old one
/// misses only versions newer than the revision it took before.
/// </summary>
internal sealed class EdgeStore
{
    /// <summary>The subject number of every wildcard edge.</summary>
    public const uint Wildcard = 0;

    /// <summary>From here on numbers stand for names no table holds, so that a question about them finds nothing.</summary>
    public const uint FirstUnknown = 0xFFFF_FF00;

    private const int ChunkBits = 10;
    private const int ChunkSize = 1 << ChunkBits;
    private const ulong NotDeleted = ulong.MaxValue;

    private EdgeVersion[][] _chunks = [];
    private int[] _byEdge = new int[16];
    private int[] _byResource = [];
    private int[] _bySubject = [];
    private int _edges;

    public EdgeStore(string text) => Text = text;

    /// <summary><c>document#viewer@group#member</c>: the edge type this store holds, the same across schemas.</summary>
    public string Text { get; }

    /// <summary>What the log calls this edge type; 0 until it is first written.</summary>
    public uint LogNumber { get; set; }

    /// <summary>How many versions there are.</summary>
    public int Count { get; private set; }

    /// <summary>The version of an edge that a revision sees, or false.</summary>
    public bool TryFind(uint resource, uint subject, ulong revision, out EdgeVersion found)
    {
        for (int place = Newest(resource, subject); place != 0;)
        {
            ref EdgeVersion version = ref At(place);
            if (version.IsVisibleAt(revision))
            {
                found = version;
                return true;
            }
            place = version.Older;
        }
        found = default;
        return false;
    }

    /// <summary>The edges of one resource that a revision sees, newest first.</summary>
    public Walk OfResource(uint resource, ulong revision) => new(this, Head(ref _byResource, resource), revision, reverse: false);

    /// <summary>The edges of one subject that a revision sees, newest first.</summary>
    public Walk OfSubject(uint subject, ulong revision) => new(this, Head(ref _bySubject, subject), revision, reverse: true);

    /// <summary>Whether any version, however old, belongs to the resource.</summary>
    public bool Mentions(uint resource) => Head(ref _byResource, resource) != 0;

    /// <summary>A version by its place, 1…<see cref="Count"/>, in the order written.</summary>
    public ref readonly EdgeVersion this[int place] => ref At(place);

    /// <summary>Writer only: the edge as of a revision; a version it replaces ends there.</summary>
    public void Put(ulong revision, uint resource, uint subject, Window window, uint caveat)
    {
        int older = Newest(resource, subject);
        Remove(revision, older);
        int place = Append(new EdgeVersion
        {
            Resource = resource, Subject = subject, Created = revision, Deleted = NotDeleted, Window = window, Caveat = caveat,
            Older = older,
            NextOfResource = Head(ref _byResource, resource),
            NextOfSubject = Head(ref _bySubject, subject),
        });
        Publish(place, older);
        SetHead(ref _byResource, resource, place);
        SetHead(ref _bySubject, subject, place);
    }

    /// <summary>Writer only: the edge is gone as of a revision.</summary>
    public void Remove(ulong revision, uint resource, uint subject) => Remove(revision, Newest(resource, subject));

    private void Remove(ulong revision, int place)
    {
        if (place == 0) return;
        ref EdgeVersion version = ref At(place);
        if (version.Deleted == NotDeleted) Volatile.Write(ref version.Deleted, revision);
    }

    private ref EdgeVersion At(int place) => ref Volatile.Read(ref _chunks)[(place - 1) >> ChunkBits][(place - 1) & (ChunkSize - 1)];

    private int Append(in EdgeVersion version)
    {
        if (Count == _chunks.Length << ChunkBits) Volatile.Write(ref _chunks, [.. _chunks, new EdgeVersion[ChunkSize]]);
        _chunks[Count >> ChunkBits][Count & (ChunkSize - 1)] = version;
        return ++Count;
    }

    private static int Head(ref int[] heads, uint number)
    {
        int[] current = Volatile.Read(ref heads);
        return number < current.Length ? Volatile.Read(ref current[number]) : 0;
    }

    private static void SetHead(ref int[] heads, uint number, int place)
    {
        if (number >= heads.Length)
        {
            var grown = new int[Math.Max(16, (int)System.Numerics.BitOperations.RoundUpToPowerOf2(number + 1))];
            heads.CopyTo(grown, 0);
            Volatile.Write(ref heads, grown);
        }
        Volatile.Write(ref heads[number], place);
    }

    private int Newest(uint resource, uint subject)
    {
        int[] slots = Volatile.Read(ref _byEdge);
        int mask = slots.Length - 1;
        for (int i = (int)Hash(resource, subject) & mask; ; i = (i + 1) & mask)
        {
            int place = Volatile.Read(ref slots[i]);
            if (place == 0) return 0;
            ref EdgeVersion version = ref At(place);
            if (version.Resource == resource && version.Subject == subject) return place;
        }
    }

    private void Publish(int place, int older)
    {
        if (older == 0 && ++_edges * 2 > _byEdge.Length) GrowSlots();
        SetSlot(_byEdge, place);
    }

    private void GrowSlots()
    {
        var grown = new int[_byEdge.Length * 2];
        foreach (int place in _byEdge)
            if (place != 0) SetSlot(grown, place);
        Volatile.Write(ref _byEdge, grown);
    }

    private void SetSlot(int[] slots, int place)
    {
        ref EdgeVersion version = ref At(place);
        int mask = slots.Length - 1;
        int i = (int)Hash(version.Resource, version.Subject) & mask;
        while (slots[i] != 0 && !IsSameEdge(slots[i], version)) i = (i + 1) & mask;
        Volatile.Write(ref slots[i], place);
    }

    private bool IsSameEdge(int place, in EdgeVersion version) =>
        At(place).Resource == version.Resource && At(place).Subject == version.Subject;

    private static uint Hash(uint resource, uint subject)
    {
        ulong key = ((ulong)resource << 32 | subject) * 0x9E3779B97F4A7C15;
        return (uint)(key >> 32);
    }

    /// <summary>Goes through the visible versions of one list.</summary>
    internal struct Walk(EdgeStore store, int head, ulong revision, bool reverse)
    {
        private int _next = head;
        private int _place;

        public readonly ref readonly EdgeVersion Current => ref store.At(_place);

        public bool MoveNext()
        {
            while (_next != 0)
            {
                _place = _next;
                ref EdgeVersion version = ref store.At(_place);
                _next = reverse ? version.NextOfSubject : version.NextOfResource;
                if (version.IsVisibleAt(revision)) return true;
            }
            return false;
        }
    }
}
