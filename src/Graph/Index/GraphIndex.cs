using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Index;

/// <summary>
/// Every name and edge in memory. Names and edge types outlive schemas, so both are kept by their text; the log knows
/// them by numbers that it defines before first use. Written by one thread, from the log on start and by the writer after.
/// </summary>
internal sealed class GraphIndex
{
    private const int SubjectsAhead = 16;
    private const int ListsAhead = 8;

    private readonly Dictionary<string, NameTable> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EdgeStore> _edges = new(StringComparer.Ordinal);
    private readonly List<NameTable> _namesByLog = [];
    private readonly List<EdgeStore> _edgesByLog = [];
    private readonly NameHash _hash = new();
    private readonly EdgeKey _key;
    private readonly uint _mostNumbers;
    private TimeSpan _retention;

    /// <param name="key">By what edges are found in tables; null: one with secrets of its own.</param>
    /// <param name="mostNumbers">How many names one type may have, and how many caveats there may be.</param>
    public GraphIndex(EdgeKey? key = null, uint mostNumbers = EdgeCode.MaxNumber)
    {
        (_key, _mostNumbers) = (key ?? EdgeKey.New(), mostNumbers);
        Caveats = new CaveatTable(Memory.Limbo, new NumberPool(mostNumbers));
    }

    public IndexMemory Memory { get; } = new();

    public Horizon Horizon { get; } = new();

    /// <summary>Begins a stay in which nothing readable at a revision and an instant is reclaimed.</summary>
    /// <exception cref="RejectionException">They lie behind the horizon.</exception>
    public Epochs.Stay Enter(Revision revision, Instant instant)
    {
        Epochs.Stay stay = Memory.Epochs.Enter();
        try
        {
            Horizon.Expect(revision, instant);
            return stay;
        }
        catch
        {
            stay.Dispose();
            throw;
        }
    }

    public IReadOnlyCollection<EdgeStore> Edges => _edges.Values;

    public IReadOnlyCollection<NameTable> Types => _names.Values;

    public CaveatTable Caveats { get; }

    /// <summary>Whether a log is being replayed: then numbers that nothing mentions are kept, since the log may go on using them.</summary>
    public bool IsReplaying { get; private set; }

    public NameTable Names(string type)
    {
        if (_names.TryGetValue(type, out NameTable? names)) return names;
        names = new NameTable(type, Memory, _hash, new NumberPool(_mostNumbers) { KeepsUnmentioned = IsReplaying });
        _names.Add(type, names);
        return names;
    }

    /// <summary>Tuples that ended by then explain nothing at any instant that can be asked about.</summary>
    public Instant Ended => Horizon.Instant.Plus(-(long)_retention.TotalMicroseconds);

    /// <summary>From here on transactions come from the log; there are no readers.</summary>
    /// <param name="retention">For how long a tuple that has ended explains a denial.</param>
    public void BeginReplay(TimeSpan retention)
    {
        _retention = retention;
        IsReplaying = true;
        Caveats.Numbers.KeepsUnmentioned = true;
        foreach (NameTable names in _names.Values) names.Numbers.KeepsUnmentioned = true;
    }

    /// <summary>Writer only: the log says nothing more. Numbers that nothing mentions are given out again: with every step, some of them.</summary>
    public IEnumerable<uint> EndReplay()
    {
        IsReplaying = false;
        Memory.Limbo.Drain();
        foreach (EdgeStore edges in _edges.Values) edges.Versions.ForgetOldest();
        NameTable[] all = [.. _names.Values];
        Caveats.Numbers.KeepsUnmentioned = false;
        foreach (NameTable names in all) names.Numbers.KeepsUnmentioned = false;
        foreach (uint step in Caveats.ReleaseUnmentioned()) yield return step;
        foreach (uint step in all.SelectMany(names => names.ReleaseUnmentioned())) yield return step;
    }

    public EdgeStore Edge(string text)
    {
        if (_edges.TryGetValue(text, out EdgeStore? edges)) return edges;
        edges = new EdgeStore(EdgeTypeText.Parse(text), Memory, _key, Caveats, Names);
        _edges.Add(text, edges);
        return edges;
    }

    public BoundSchema Bind(CompiledSchema schema) => new(schema, this);

    /// <summary>Gives a type its number in the log; true if it had none, and the log must be told.</summary>
    public bool Enlist(NameTable names)
    {
        if (names.LogNumber != 0) return false;
        _namesByLog.Add(names);
        names.LogNumber = (uint)_namesByLog.Count;
        return true;
    }

    /// <inheritdoc cref="Enlist(NameTable)"/>
    public bool Enlist(EdgeStore edges)
    {
        if (edges.LogNumber != 0) return false;
        _edgesByLog.Add(edges);
        edges.LogNumber = (uint)_edgesByLog.Count;
        return true;
    }

    /// <summary>
    /// Writer only: makes history of one line of a transaction, also while others read. Transactions come newest first, each with its last line
    /// first, from the one that the index was loaded with; no revision sees a change before <see cref="Horizon.Lower"/> lets it.
    /// </summary>
    /// <param name="loaded">What the index was loaded with: a tuple that had ended long before it was not in it, and is put back up to it.</param>
    /// <returns>False if the line mentions what is not known any more, or does not fit what followed it: history ends here.</returns>
    public bool TryPutBack(Revision revision, in LogEntry entry, Revision loaded)
    {
        if (entry.Kind is not (LogEntryKind.Put or LogEntryKind.Remove)) return true;
        if (entry.Id < 1 || entry.Id > _edgesByLog.Count) return false;
        EdgeStore edges = _edgesByLog[(int)entry.Id - 1];
        if (!edges.Knows(entry.Resource, entry.Subject) || !IsKnown(entry.Caveat) || !IsKnown(entry.ReplacedCaveat)) return false;
        if (entry.Kind == LogEntryKind.Put)
            edges.PutBackBegin(new EdgeVersion(entry.Resource, entry.Subject, revision.Value, loaded.Value + 1, entry.Window, entry.Caveat));
        return !entry.Replaces || edges.TryPutBackEnd(new EdgeVersion(entry.Resource, entry.Subject, 0, revision.Value, entry.Replaced, entry.ReplacedCaveat));
    }

    /// <summary>Applies one line of a transaction; what is not about names, caveats and edges is not the index's.</summary>
    /// <exception cref="StoreFailedException">The log names something it did not define.</exception>
    public void Apply(Revision revision, in LogEntry entry)
    {
        switch (entry.Kind)
        {
            case LogEntryKind.ObjectType:
                Expect(Enlist(Names(entry.Text)) && Names(entry.Text).LogNumber == entry.Id, entry);
                break;
            case LogEntryKind.EdgeType:
                Expect(Enlist(Edge(entry.Text)) && Edge(entry.Text).LogNumber == entry.Id, entry);
                break;
            case LogEntryKind.CaveatContext:
                Rebinding.Bind(this, entry.Id, CaveatTable.Parse(entry.Text));
                break;
            case LogEntryKind.ObjectName:
                Rebinding.Bind(this, Logged(_namesByLog, entry), entry.Resource, entry.Text);
                break;
            case LogEntryKind.Put:
                if (revision > Horizon.Revision) Put(revision, entry);
                else Edge(entry).PutSettled(entry.Resource, entry.Subject, entry.Window, entry.Caveat);
                break;
            case LogEntryKind.Remove:
                if (revision > Horizon.Revision) Remove(revision, entry);
                else Edge(entry).RemoveSettled(entry.Resource, entry.Subject);
                break;
        }
    }

    /// <summary>Puts in edges of a checkpoint: those behind the one at hand are asked of the processor before.</summary>
    /// <inheritdoc cref="Apply"/>
    public void Load(ReadOnlySpan<StoredEdge> edges)
    {
        for (int i = 0; i < edges.Length; i++)
        {
            if (i + SubjectsAhead < edges.Length && StoreOf(edges[i + SubjectsAhead]) is { } far) EdgesAhead.PrefetchSubject(far, edges[i + SubjectsAhead].Subject);
            if (i + ListsAhead < edges.Length && StoreOf(edges[i + ListsAhead]) is { } near) EdgesAhead.PrefetchList(near, edges[i + ListsAhead].Resource, edges[i + ListsAhead].Subject);
            ref readonly StoredEdge edge = ref edges[i];
            Apply(new Revision(edge.Created), LogEntry.Put(edge.EdgeType, edge.Resource, edge.Subject, edge.Window, edge.Caveat));
        }
    }

    private void Put(Revision revision, in LogEntry entry)
    {
        EdgeStore edges = Edge(entry);
        if (IsReplaying && !entry.Replaces) Rebinding.Renew(this, edges, entry.Resource, entry.Subject);
        edges.Put(revision.Value, entry.Resource, entry.Subject, entry.Window, entry.Caveat);
    }

    /// <summary>
    /// What ended long ago may be known to a log and not to the checkpoint that it is replayed on. Somebody still deleted it: it is put in as what was
    /// there until then, so that its names are, for as long as watchers hear of that.
    /// </summary>
    private void Remove(Revision revision, in LogEntry entry)
    {
        EdgeStore edges = Edge(entry);
        if (edges.TryRemove(revision.Value, entry.Resource, entry.Subject) || !IsKnown(entry.ReplacedCaveat)) return;
        edges.TryPutBackEnd(new EdgeVersion(entry.Resource, entry.Subject, 0, revision.Value, entry.Replaced, entry.ReplacedCaveat));
    }

    private EdgeStore? StoreOf(in StoredEdge edge) =>
        edge.EdgeType >= 1 && edge.EdgeType <= _edgesByLog.Count && edge.Subject <= EdgeCode.MaxNumber ? _edgesByLog[(int)edge.EdgeType - 1] : null;

    private EdgeStore Edge(in LogEntry entry)
    {
        EdgeStore edges = Logged(_edgesByLog, entry);
        Expect(edges.Knows(entry.Resource, entry.Subject) && IsKnown(entry.Caveat), entry);
        return edges;
    }

    private bool IsKnown(uint caveat) => caveat == 0 || Caveats.IsBound(caveat);

    private static T Logged<T>(List<T> list, in LogEntry entry)
    {
        Expect(entry.Id >= 1 && entry.Id <= list.Count, entry);
        return list[(int)entry.Id - 1];
    }

    private static void Expect(bool holds, in LogEntry entry)
    {
        if (!holds) throw new StoreFailedException($"the log is inconsistent: its entry {entry.Kind} {entry.Id} `{entry.Text}` does not follow from what is before it");
    }
}
