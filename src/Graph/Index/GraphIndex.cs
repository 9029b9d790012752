using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Index;

/// <summary>
/// Every name and edge in memory. Names and edge types outlive schemas, so both are kept by their text; the log knows
/// them by numbers that it defines before first use. Written by one thread, from the log on start and by the writer after.
/// </summary>
internal sealed class GraphIndex
{
    private readonly Dictionary<string, NameTable> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EdgeStore> _edges = new(StringComparer.Ordinal);
    private readonly List<NameTable> _namesByLog = [];
    private readonly List<EdgeStore> _edgesByLog = [];
    private readonly NameHash _hash = new();

    public GraphIndex() => Caveats = new CaveatTable(Memory.Limbo);

    public IndexMemory Memory { get; } = new();

    public Horizon Horizon { get; } = new();

    public IReadOnlyCollection<EdgeStore> Edges => _edges.Values;

    public IReadOnlyCollection<NameTable> Types => _names.Values;

    public CaveatTable Caveats { get; }

    /// <summary>Whether a log is being replayed: then numbers that nothing mentions are kept, since the log may go on using them.</summary>
    public bool IsReplaying { get; private set; }

    public NameTable Names(string type)
    {
        if (_names.TryGetValue(type, out NameTable? names)) return names;
        names = new NameTable(type, Memory, _hash) { KeepsUnmentioned = IsReplaying };
        _names.Add(type, names);
        return names;
    }

    /// <summary>From here on transactions come from the log; there are no readers.</summary>
    public void BeginReplay()
    {
        IsReplaying = true;
        Caveats.KeepsUnmentioned = true;
        foreach (NameTable names in _names.Values) names.KeepsUnmentioned = true;
    }

    /// <summary>From here on numbers that nothing mentions are given out again.</summary>
    public void EndReplay()
    {
        IsReplaying = false;
        Memory.Limbo.Drain();
        Caveats.ReleaseUnmentioned();
        foreach (NameTable names in _names.Values) names.ReleaseUnmentioned();
    }

    public EdgeStore Edge(string text)
    {
        if (_edges.TryGetValue(text, out EdgeStore? edges)) return edges;
        edges = new EdgeStore(EdgeTypeText.Parse(text), Memory, Caveats, Names);
        _edges.Add(text, edges);
        return edges;
    }

    public BoundSchema Bind(CompiledSchema schema) => new(schema, this);

    /// <summary>Gives a type its number in the log; true if it had none, and the log must be told.</summary>
    public bool Enlist(NameTable names) => Enlist(_namesByLog, names, names.LogNumber, number => names.LogNumber = number);

    /// <inheritdoc cref="Enlist(NameTable)"/>
    public bool Enlist(EdgeStore edges) => Enlist(_edgesByLog, edges, edges.LogNumber, number => edges.LogNumber = number);

    /// <summary>
    /// Writer only: brings back a version that a checkpoint kept, live or past, also while others read. What no readable revision can
    /// see, or see otherwise, is left out.
    /// </summary>
    public void Restore(EdgeStore edges, in EdgeVersion version)
    {
        ulong oldest = Horizon.Revision.Value;
        if (version.Deleted > oldest) edges.Restore(version.Created <= oldest ? version with { Created = 0 } : version);
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
                if (revision > Horizon.Revision) Edge(entry).Put(revision.Value, entry.Resource, entry.Subject, entry.Window, entry.Caveat);
                else Edge(entry).PutSettled(entry.Resource, entry.Subject, entry.Window, entry.Caveat);
                break;
            case LogEntryKind.Remove:
                if (revision > Horizon.Revision) Edge(entry).Remove(revision.Value, entry.Resource, entry.Subject);
                else Edge(entry).RemoveSettled(entry.Resource, entry.Subject);
                break;
        }
    }

    private EdgeStore Edge(in LogEntry entry)
    {
        EdgeStore edges = Logged(_edgesByLog, entry);
        Expect(edges.Knows(entry.Resource, entry.Subject) && (entry.Caveat == 0 || Caveats.IsBound(entry.Caveat)), entry);
        return edges;
    }

    private static T Logged<T>(List<T> list, in LogEntry entry)
    {
        Expect(entry.Id >= 1 && entry.Id <= list.Count, entry);
        return list[(int)entry.Id - 1];
    }

    private static void Expect(bool holds, in LogEntry entry)
    {
        if (!holds) throw new StoreFailedException($"the log is inconsistent: its entry {entry.Kind} {entry.Id} `{entry.Text}` does not follow from what is before it");
    }

    private static bool Enlist<T>(List<T> list, T item, uint number, Action<uint> assign)
    {
        if (number != 0) return false;
        list.Add(item);
        assign((uint)list.Count);
        return true;
    }
}
