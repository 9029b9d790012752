using System.Runtime.InteropServices;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>One version of an edge as the side table keeps it: 48 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct VersionRecord
{
    public uint Resource;
    public uint Subject;
    public ulong Created;
    public ulong Deleted;
    public Window Window;
    public uint Caveat;
    public uint Link;               // the version before this one, or, of a record that is free, the next free one; 0: none

    private const uint RetiredBit = 0x8000_0000;

    /// <summary>The place of the version before this one; 0 if it is the oldest.</summary>
    public readonly uint Older => Volatile.Read(in Link) & ~RetiredBit;

    /// <summary>Whether it waits in limbo. Readers may still come to it.</summary>
    public readonly bool IsRetired => (Link & RetiredBit) != 0;

    public void Retire() => Link |= RetiredBit;

    public readonly bool IsVisibleAt(ulong revision) => Created <= revision && revision < Volatile.Read(in Deleted);

    /// <summary>Whether it is kept for the sake of older revisions, not for its window or caveat.</summary>
    public readonly bool IsHistory => Created != 0 || Deleted != EdgeVersion.NotDeleted;

    public readonly EdgeVersion ToVersion() => new(Resource, Subject, Created, Deleted, Window, Caveat);
}

/// <summary>
/// What is to be said of edges beyond that they exist: windows, caveats, and the versions that some readable revision tells
/// apart. An edge that is flagged in its lists is here; quiet edges are not. From an edge's newest version the older ones hang. One
/// writer; readers take no lock: a record is whole before a slot or an older link leads to it, and goes to limbo when none does.
/// </summary>
internal sealed class VersionTable(IndexMemory memory, Action<uint, int> mentionCaveat) : IReusable
{
    public const int RecordBytes = 48;

    private const int ManyVersions = 32;

    private readonly SplitTable _newest = new(memory);
    private readonly PagedArray<VersionRecord> _records = new(memory);
    private readonly NewBlocks _blocks = new();
    private readonly Dictionary<ulong, uint> _oldest = [];
    private uint _last;
    private uint _free;

    /// <summary>Edges that have records.</summary>
    public long EdgeCount => _newest.Count;

    /// <summary>A record by its place.</summary>
    public ref VersionRecord this[uint place] => ref _records[place];

    /// <summary>The place of an edge's newest version; 0 if it has none.</summary>
    public uint Newest(uint resource, uint subject) => _newest.TryFind(Key(resource, subject), out ulong place) ? (uint)place : 0;

    /// <summary>Has the processor fetch where the place of an edge's newest version is told.</summary>
    public void Prefetch(uint resource, uint subject) => _newest.Prefetch(Key(resource, subject));

    /// <summary>The version of an edge that a revision sees, or false.</summary>
    public bool TryFind(uint resource, uint subject, ulong revision, out EdgeVersion found)
    {
        for (uint place = Newest(resource, subject); place != 0;)
        {
            ref VersionRecord record = ref _records[place];
            if (record.IsVisibleAt(revision))
            {
                found = record.ToVersion();
                return true;
            }
            place = record.Older;
        }
        found = default;
        return false;
    }

    /// <summary>
    /// Writer only: an edge's newest version. <paramref name="over"/> says whether it has versions already; a slot that waits to be
    /// taken away is none.
    /// </summary>
    public void Push(in EdgeVersion version, bool over)
    {
        ulong key = Key(version.Resource, version.Subject);
        bool hasSlot = _newest.TryFind(key, out ulong before);
        Invariant.That(hasSlot || !over);
        uint place = Store(version, over ? (uint)before : 0);
        if (hasSlot) _newest.Replace(key, before, place);
        else _newest.Add(key, place);
    }

    /// <summary>
    /// Writer only: an edge that has versions was written at a revision before all of them that have a beginning. The oldest begins there or,
    /// if it has its own beginning, one before it that nobody was told the end of.
    /// </summary>
    public void BeginOldest(in EdgeVersion version)
    {
        uint oldest = Oldest(version.Resource, version.Subject);
        if (_records[oldest].Created != 0) Hang(oldest, version with { Deleted = _records[oldest].Created });
        else
        {
            if (!_records[oldest].IsHistory) memory.HistoryCount++;
            Volatile.Write(ref _records[oldest].Created, version.Created);
            _blocks.Note(oldest, version.Created);
        }
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

    /// <summary>Writer only: a version ends.</summary>
    public void End(uint place, ulong revision)
    {
        ref VersionRecord record = ref _records[place];
        if (!record.IsHistory) memory.HistoryCount++;
        Volatile.Write(ref record.Deleted, revision);
    }

    /// <summary>Writer only: no readable revision is from before this version any more.</summary>
    public void Settle(uint place)
    {
        ref VersionRecord record = ref _records[place];
        if (record.Created == 0) return;
        Volatile.Write(ref record.Created, 0);
        if (!record.IsHistory) memory.HistoryCount--;
    }

    /// <summary>Writer only: forgets what hangs from a version.</summary>
    public void CutAfter(uint place)
    {
        uint older = _records[place].Older;
        Volatile.Write(ref _records[place].Link, 0);
        RetireAll(older);
    }

    /// <summary>Writer only: forgets an edge. Its slot goes once nobody can come from a list that still had it flagged.</summary>
    public void Forget(uint newest) => RetireAll(newest);

    /// <summary>
    /// Writer only: appends the places of the newest versions in one part of the table, the one at <paramref name="position"/>, and
    /// moves on. False after the last part.
    /// </summary>
    public bool NextPart(ref ulong position, List<ulong> places)
    {
        bool more = _newest.NextPart(ref position, places);
        places.RemoveAll(place => _records[(uint)place].IsRetired);
        return more;
    }

    /// <summary>
    /// Writer only: the versions that nothing ended and that were written after a revision that can be read, a block at a time; each list
    /// is overwritten by the next. There may be writes in between: what they write in blocks that were passed is not found.
    /// </summary>
    public IEnumerable<List<EdgeVersion>> WrittenSince(ulong revision)
    {
        List<EdgeVersion> found = [];
        foreach (uint first in _blocks.WrittenSince(revision))
        {
            found.Clear();
            for (uint place = first; place < first + NewBlocks.Places && place <= _last; place++)
                if (IsNew(_records[place], revision)) found.Add(_records[place].ToVersion());
            yield return found;
        }
    }

    private static bool IsNew(in VersionRecord record, ulong revision) =>
        record.Created > revision && record.Deleted == EdgeVersion.NotDeleted && !record.IsRetired;

    void IReusable.Reuse(ulong what, int size)
    {
        var place = (uint)what;
        ref VersionRecord record = ref _records[place];
        ulong key = Key(record.Resource, record.Subject);
        if (_newest.TryFind(key, out ulong newest) && newest == place) _newest.Remove(key, place);
        record = new VersionRecord { Link = _free };
        _free = place;
    }

    private void Hang(uint oldest, in EdgeVersion version)
    {
        uint place = Store(version, 0);
        Volatile.Write(ref _records[oldest].Link, place);       // only now: storing may have moved the records
    }

    /// <summary>An edge's oldest version. Of one with many it is kept in mind, since nothing is retired while older ones come.</summary>
    private uint Oldest(uint resource, uint subject)
    {
        ulong key = Key(resource, subject);
        uint place = _oldest.TryGetValue(key, out uint known) ? known : Newest(resource, subject);
        int steps = 0;
        for (; _records[place].Older is not 0 and var older; place = older) steps++;
        if (steps >= ManyVersions) _oldest[key] = place;
        return place;
    }

    private void RetireAll(uint place)
    {
        for (; place != 0; place = _records[place].Older)
        {
            if (_records[place].IsHistory) memory.HistoryCount--;
            if (_records[place].Caveat is not 0 and var caveat) mentionCaveat(caveat, -1);
            _records[place].Retire();
            memory.Limbo.Retire(this, place);
        }
    }

    private uint Store(in EdgeVersion version, uint older)
    {
        uint place = TakeFree();
        _records[place] = new VersionRecord
        {
            Resource = version.Resource, Subject = version.Subject, Created = version.Created, Deleted = version.Deleted,
            Window = version.Window, Caveat = version.Caveat, Link = older,
        };
        _blocks.Note(place, version.Created);
        if (_records[place].IsHistory) memory.HistoryCount++;
        if (version.Caveat != 0) mentionCaveat(version.Caveat, +1);
        return place;
    }

    private uint TakeFree()
    {
        if (_free == 0)
        {
            _records.Reach(++_last);
            return _last;
        }
        uint place = _free;
        _free = _records[place].Link;
        return place;
    }

    // a bijection (murmur's finalizer), so that equal keys are equal edges; never 0, since no resource has number 0
    private static ulong Key(uint resource, uint subject)
    {
        ulong key = (ulong)resource << 32 | subject;
        key = (key ^ key >> 33) * 0xFF51_AFD7_ED55_8CCD;
        key = (key ^ key >> 33) * 0xC4CE_B9FE_1A85_EC53;
        return key ^ key >> 33;
    }
}
