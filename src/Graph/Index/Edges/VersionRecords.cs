using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>The records of versions by their places, from 1. Writer only, but for the reading of a record that something leads to.</summary>
internal sealed class VersionRecords(IndexMemory memory, Action<uint, int> mentionCaveat)
{
    /// <summary>What history costs that has a record: it and a slot, which the versions of one edge share.</summary>
    private const int HistoryBytes = VersionRecord.Bytes + VersionSlot.Bytes;

    private readonly PagedArray<VersionRecord> _records = new(memory);
    private uint _last;
    private uint _free;

    public ref VersionRecord this[uint place] => ref _records[place];

    /// <summary>The place of a new record, which is whole.</summary>
    /// <param name="older">The place of the version before; 0: none.</param>
    public uint Store(in EdgeVersion version, uint older)
    {
        uint place = TakeFree();
        _records[place] = new VersionRecord
        {
            Resource = version.Resource, Subject = version.Subject, Created = version.Created, Deleted = version.Deleted,
            Window = version.Window, Caveat = version.Caveat, Link = older,
        };
        if (_records[place].IsHistory) memory.HistoryBytes += HistoryBytes;
        if (version.Caveat != 0) mentionCaveat(version.Caveat, +1);
        return place;
    }

    /// <summary>When a version was created, 0 if before all that can be read.</summary>
    public void Begin(uint place, ulong revision)
    {
        bool was = _records[place].IsHistory;
        Volatile.Write(ref _records[place].Created, revision);
        Count(was, _records[place].IsHistory);
    }

    /// <summary>A version that nothing ended ends.</summary>
    public void End(uint place, ulong revision)
    {
        bool was = _records[place].IsHistory;
        Volatile.Write(ref _records[place].Deleted, revision);
        Count(was, _records[place].IsHistory);
    }

    /// <summary>A version that nothing leads to any more waits until no reader can hold it.</summary>
    public void Retire(uint place)
    {
        ref VersionRecord record = ref _records[place];
        if (record.IsHistory) memory.HistoryBytes -= HistoryBytes;
        if (record.Caveat != 0) mentionCaveat(record.Caveat, -1);
        record.Retire();
    }

    /// <summary>Takes back a place that nobody reads.</summary>
    public void Free(uint place)
    {
        _records[place] = new VersionRecord { Link = _free };
        _free = place;
    }

    private void Count(bool was, bool isHistory)
    {
        if (was != isHistory) memory.HistoryBytes += isHistory ? HistoryBytes : -HistoryBytes;
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
}
