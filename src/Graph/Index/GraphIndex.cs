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

    public IEnumerable<EdgeStore> Edges => _edges.Values;

    public NameTable Names(string type) => GetOrAdd(_names, type, static text => new NameTable(text));

    public EdgeStore Edge(string text) => GetOrAdd(_edges, text, static t => new EdgeStore(t));

    public CaveatTable Caveats { get; } = new();

    public BoundSchema Bind(CompiledSchema schema) => new(schema, Names, Edge, Caveats);

    /// <summary>Gives a type its number in the log; true if it had none, and the log must be told.</summary>
    public bool Enlist(NameTable names) => Enlist(_namesByLog, names, names.LogNumber, number => names.LogNumber = number);

    /// <inheritdoc cref="Enlist(NameTable)"/>
    public bool Enlist(EdgeStore edges) => Enlist(_edgesByLog, edges, edges.LogNumber, number => edges.LogNumber = number);

    /// <summary>Applies one line of a transaction; schemas and idempotency keys are not the index's.</summary>
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
                Expect(Caveats.Add(CaveatTable.Parse(entry.Text), out bool isNew) == entry.Id && isNew, entry);
                break;
            case LogEntryKind.ObjectName:
                Expect(Logged(_namesByLog, entry).Add(entry.Text, out bool added) == entry.Resource && added, entry);
                break;
            case LogEntryKind.Put:
                Logged(_edgesByLog, entry).Put(revision.Value, entry.Resource, entry.Subject, entry.Window, entry.Caveat);
                break;
            case LogEntryKind.Remove:
                Logged(_edgesByLog, entry).Remove(revision.Value, entry.Resource, entry.Subject);
                break;
        }
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

    private static T GetOrAdd<T>(Dictionary<string, T> map, string key, Func<string, T> make)
    {
        if (!map.TryGetValue(key, out T? value)) map.Add(key, value = make(key));
        return value;
    }
}
