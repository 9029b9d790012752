using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>An edge that the side table tells of: its numbers, and what its slot says.</summary>
internal readonly record struct VersionedEdge(uint Resource, uint Subject, VersionSlot Slot);

/// <summary>
/// What is to be said of edges beyond that they exist: windows, caveats, and the versions that some readable revision tells
/// apart. An edge that is flagged in its lists is here; quiet edges are not.
///
/// <code>
///   edge ──► slot: plain, created        the only version has neither window nor caveat, and nothing ended it
///        └─► slot: place ──► record: window, caveat, created, deleted ──► record of the version before ──► …
/// </code>
///
/// One writer; readers take no lock. A record is whole before a slot or an older link leads to it, so what was plain gets its record in one step.
/// What nothing leads to goes to limbo; so does an edge that is forgotten: its slot goes once nobody can come from a list that still had it flagged.
/// </summary>
internal sealed class VersionTable(IndexMemory memory, EdgeKey key, Action<uint, int> mentionCaveat) : IReusable
{
    private const int ManyVersions = 32;
    private const uint PlainSlot = 0;       // in limbo; no record has this place

    private readonly EdgeKey _key = key;
    private readonly SplitTable _newest = new(memory);
    private readonly VersionRecords _records = new(memory, mentionCaveat);
    private readonly Queue<(ulong Key, VersionSlot Slot)> _retired = [];
    private readonly Dictionary<ulong, uint> _oldest = [];
    private readonly List<SplitSlot> _part = [];

    /// <summary>Edges that have a slot.</summary>
    public long EdgeCount => _newest.Count;

    /// <summary>A record by its place.</summary>
    public ref VersionRecord this[uint place] => ref _records[place];

    /// <summary>Has the processor fetch where the newest version of an edge is told.</summary>
    public void Prefetch(uint resource, uint subject) => _newest.Prefetch(_key.Of(resource, subject));

    /// <summary>The version of an edge that a revision sees, or false.</summary>
    public bool TryFind(uint resource, uint subject, ulong revision, out EdgeVersion found)
    {
        found = default;
        if (!_newest.TryFind(_key.Of(resource, subject), out ulong value)) return false;
        var slot = new VersionSlot(value);
        if (!slot.IsPlain) return TryFind(slot.Place, revision, out found);
        if (slot.Created > revision) return false;
        found = Told(resource, subject, slot);
        return true;
    }

    /// <summary>Writer only: an edge's newest version, or false if it has none.</summary>
    public bool TryNewest(uint resource, uint subject, out EdgeVersion newest)
    {
        bool isThere = _newest.TryFind(_key.Of(resource, subject), out ulong value) && !IsRetired(new VersionSlot(value));
        newest = isThere ? Newest(new VersionedEdge(resource, subject, new VersionSlot(value))) : default;
        return isThere;
    }

    /// <inheritdoc cref="TryNewest"/>
    public EdgeVersion Newest(in VersionedEdge edge) =>
        edge.Slot.IsPlain ? Told(edge.Resource, edge.Subject, edge.Slot) : _records[edge.Slot.Place].ToVersion();

    /// <summary>
    /// Writer only: an edge's newest version. <paramref name="over"/> says whether it has versions already, of which the newest has ended; a
    /// slot that waits to be taken away is none.
    /// </summary>
    public void Push(in EdgeVersion version, bool over)
    {
        ulong key = _key.Of(version.Resource, version.Subject);
        bool hasSlot = _newest.TryFind(key, out ulong before);
        Invariant.That(!over || hasSlot && !new VersionSlot(before).IsPlain);
        VersionSlot slot = over ? StoreOver(version, new VersionSlot(before).Place) : StoreFirst(version);
        if (hasSlot) _newest.Replace(key, before, slot.Value);
        else _newest.Add(key, slot.Value);
    }

    /// <summary>
    /// Writer only: an edge that has versions was written at a revision before all of them that have a beginning. The oldest begins there or,
    /// if it has its own beginning, one before it that nobody was told the end of.
    /// </summary>
    public void BeginOldest(in EdgeVersion version)
    {
        uint oldest = Oldest(version.Resource, version.Subject);
        if (_records[oldest].Created == 0) _records.Begin(oldest, version.Created);
        else Hang(oldest, version with { Deleted = _records[oldest].Created });
    }

    /// <summary>Writer only: a version before all that an edge has; false if the oldest has no beginning, which leaves no room for it.</summary>
    public bool TryHang(in EdgeVersion version)
    {
        uint oldest = Oldest(version.Resource, version.Subject);
        if (_records[oldest].Created == 0) return false;
        Hang(oldest, version);
        return true;
    }

    /// <summary>Writer only: nothing more hangs from the oldest versions for now.</summary>
    public void ForgetOldest() => _oldest.Clear();

    /// <summary>Writer only: the newest version of an edge that has versions ends, if nothing ended it before.</summary>
    public void End(uint resource, uint subject, ulong revision)
    {
        uint place = ReachRecord(resource, subject);
        if (_records[place].Deleted == EdgeVersion.NotDeleted) _records.End(place, revision);
    }

    /// <summary>Writer only: no readable revision is from before this version any more.</summary>
    public void Settle(uint place) => _records.Begin(place, 0);

    /// <summary>Writer only: forgets what hangs from a version.</summary>
    public void CutAfter(uint place)
    {
        uint older = _records[place].Older;
        Volatile.Write(ref _records[place].Link, 0);
        RetireAll(older);
    }

    /// <summary>Writer only: forgets an edge that has versions. Its slot goes once nobody can come from a list that still had it flagged.</summary>
    public void Forget(uint resource, uint subject)
    {
        ulong key = _key.Of(resource, subject);
        VersionSlot slot = SlotOf(key);
        if (slot.IsPlain) RetirePlain(key, slot);
        else RetireAll(slot.Place);
    }

    /// <summary>
    /// Writer only: appends the edges in one part of the table, the one at <paramref name="position"/>, and moves on. False after the last part.
    /// </summary>
    /// <param name="after">Of plain edges, which are many, only those that a later revision created,</param>
    /// <param name="upTo">and this one at the latest.</param>
    public bool NextPart(ref ulong position, ulong after, ulong upTo, List<VersionedEdge> edges)
    {
        _part.Clear();
        bool more = _newest.NextPart(ref position, _part);
        foreach (SplitSlot found in _part)
        {
            var slot = new VersionSlot(found.Value);
            if (slot.IsPlain && (slot.Created <= after || slot.Created > upTo) || IsRetired(slot)) continue;
            (uint resource, uint subject) = _key.Edge(found.Key);
            edges.Add(new VersionedEdge(resource, subject, slot));
        }
        return more;
    }

    void IReusable.Reuse(ulong what, int size)
    {
        if (what == PlainSlot) ReusePlain();
        else ReuseRecord((uint)what);
    }

    // Slots come back in the order in which they were retired. INVARIANT: a revision writes an edge once, so where a slot says the same, the edge was
    // not written in between and its slot not retired a second time.
    private void ReusePlain()
    {
        (ulong key, VersionSlot slot) = _retired.Dequeue();
        if (_newest.TryFind(key, out ulong value) && value == slot.Value) _newest.Remove(key, value);
    }

    private void ReuseRecord(uint place)
    {
        ulong key = _key.Of(_records[place].Resource, _records[place].Subject);
        if (_newest.TryFind(key, out ulong value) && value == VersionSlot.At(place).Value) _newest.Remove(key, value);
        _records.Free(place);
    }

    private bool TryFind(uint place, ulong revision, out EdgeVersion found)
    {
        for (; place != 0; place = _records[place].Older)
        {
            ref VersionRecord record = ref _records[place];
            if (!record.IsVisibleAt(revision)) continue;
            found = record.ToVersion();
            return true;
        }
        found = default;
        return false;
    }

    private static EdgeVersion Told(uint resource, uint subject, VersionSlot plain) => EdgeVersion.Quiet(resource, subject) with { Created = plain.Created };

    private bool IsRetired(VersionSlot slot) => slot.IsPlain ? slot.IsRetired : _records[slot.Place].IsRetired;

    private VersionSlot SlotOf(ulong key)
    {
        Invariant.That(_newest.TryFind(key, out ulong value));
        return new VersionSlot(value);
    }

    private VersionSlot StoreOver(in EdgeVersion version, uint older) => VersionSlot.At(_records.Store(version, older));

    private VersionSlot StoreFirst(in EdgeVersion version)
    {
        if (!version.IsPlain) return StoreOver(version, 0);
        memory.HistoryBytes += VersionSlot.Bytes;
        return VersionSlot.Plain(version.Created);
    }

    /// <summary>The place of an edge's newest version. What was plain gets a record, which tells readers the same.</summary>
    private uint ReachRecord(uint resource, uint subject)
    {
        ulong key = _key.Of(resource, subject);
        VersionSlot slot = SlotOf(key);
        if (!slot.IsPlain) return slot.Place;
        memory.HistoryBytes -= VersionSlot.Bytes;
        uint place = _records.Store(Told(resource, subject, slot), 0);
        _newest.Replace(key, slot.Value, VersionSlot.At(place).Value);
        return place;
    }

    private void Hang(uint oldest, in EdgeVersion version)
    {
        uint place = _records.Store(version, 0);
        Volatile.Write(ref _records[oldest].Link, place);       // only now: storing may have moved the records
    }

    /// <summary>An edge's oldest version. Of one with many it is kept in mind, since nothing is retired while older ones come.</summary>
    private uint Oldest(uint resource, uint subject)
    {
        ulong key = _key.Of(resource, subject);
        uint place = _oldest.TryGetValue(key, out uint known) ? known : ReachRecord(resource, subject);
        int steps = 0;
        for (; _records[place].Older is not 0 and var older; place = older) steps++;
        if (steps >= ManyVersions) _oldest[key] = place;
        return place;
    }

    private void RetirePlain(ulong key, VersionSlot slot)
    {
        memory.HistoryBytes -= VersionSlot.Bytes;
        _newest.Replace(key, slot.Value, slot.Retire().Value);
        _retired.Enqueue((key, slot.Retire()));
        memory.Limbo.Retire(this, PlainSlot);
    }

    private void RetireAll(uint place)
    {
        for (; place != 0; place = _records[place].Older)
        {
            _records.Retire(place);
            memory.Limbo.Retire(this, place);
        }
    }
}
