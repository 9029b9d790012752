using System.Globalization;
using System.Text;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Storage;

/// <summary>What a store holds after some transactions, worked out one by one: slow, obvious, and what checkpoints must agree with.</summary>
internal sealed class StoreModel(TimeSpan retention)
{
    private readonly List<StoredSchema> _schemas = [];
    private readonly SortedDictionary<(CheckpointPart Part, uint Type, uint Number), string> _texts = [];
    private readonly List<StoredKey> _keys = [];
    private readonly SortedDictionary<(uint Type, uint Resource, uint Subject), StoredEdge> _edges = [];
    private Instant _now = Instant.Beginning;

    public static StoreModel Of(IEnumerable<LogTransaction> transactions, TimeSpan retention)
    {
        StoreModel model = new(retention);
        foreach (LogTransaction transaction in transactions) model.Apply(transaction);
        return model;
    }

    /// <summary>Everything in it, one a line, as a checkpoint keeps it.</summary>
    public string Text()
    {
        Instant horizon = _now.Plus(-(long)retention.TotalMicroseconds);
        Instant ended = horizon.Plus(-(long)retention.TotalMicroseconds);
        StoreText text = new();
        for (int i = 0; i < _schemas.Count; i++)
            if (i + 1 == _schemas.Count || _schemas[i + 1].CommittedAt > horizon) text.Schema(_schemas[i]);
        foreach (((CheckpointPart part, uint type, uint number), string name) in _texts) text.Text(part, type, number, name);
        foreach (StoredKey key in _keys.Where(k => k.CommittedAt > horizon)) text.Key(key);
        foreach (StoredEdge edge in _edges.Values.Where(e => e.Window.ExpiresAt > ended)) text.Edge(edge);
        return text.ToString();
    }

    private void Apply(LogTransaction transaction)
    {
        _now = transaction.CommittedAt;
        foreach (LogEntry entry in transaction.Entries) Apply(transaction, entry);
    }

    private void Apply(LogTransaction transaction, LogEntry entry)
    {
        switch (entry.Kind)
        {
            case LogEntryKind.Schema: _schemas.Add(new StoredSchema(transaction.Revision, transaction.CommittedAt, entry.Text)); break;
            case LogEntryKind.ObjectType: _texts[(CheckpointPart.ObjectType, 0, entry.Id)] = entry.Text; break;
            case LogEntryKind.EdgeType: _texts[(CheckpointPart.EdgeType, 0, entry.Id)] = entry.Text; break;
            case LogEntryKind.CaveatContext: Bind(CheckpointPart.CaveatContext, 0, entry.Id, entry.Text, transaction.Revision); break;
            case LogEntryKind.ObjectName: Bind(CheckpointPart.ObjectName, entry.Id, entry.Resource, entry.Text, transaction.Revision); break;
            case LogEntryKind.IdempotencyKey: _keys.Add(new StoredKey(entry.Text, entry.Digest, transaction.Revision, transaction.CommittedAt)); break;
            case LogEntryKind.Put:
                _edges[(entry.Id, entry.Resource, entry.Subject)] =
                    new StoredEdge(entry.Id, entry.Resource, entry.Subject, entry.Caveat, transaction.Revision.Value, entry.Window);
                break;
            case LogEntryKind.Remove: _edges.Remove((entry.Id, entry.Resource, entry.Subject)); break;
            default: throw new InvalidOperationException($"{entry.Kind}?");
        }
    }

    /// <summary>A number given out again, or a text that moves to another, leaves nothing behind that is older than that.</summary>
    private void Bind(CheckpointPart part, uint type, uint number, string text, Revision revision)
    {
        foreach (var (place, other) in _texts.Where(t => t.Key.Part == part && t.Key.Type == type && (t.Key.Number == number || t.Value == text)).ToArray())
        {
            _texts.Remove(place);
            foreach (var (key, edge) in _edges.Where(e => e.Value.Created < revision.Value && Mentions(e.Value, part, type, place.Number)).ToArray()) _edges.Remove(key);
        }
        _texts[(part, type, number)] = text;
    }

    private bool Mentions(StoredEdge edge, CheckpointPart part, uint type, uint number)
    {
        if (part == CheckpointPart.CaveatContext) return edge.Caveat == number;
        if (!_texts.TryGetValue((CheckpointPart.EdgeType, 0, edge.EdgeType), out string? text)) return false;
        string[] ends = text.Split('@');
        return (IsOf(ends[0], type) && edge.Resource == number) || (!ends[1].EndsWith(":*", StringComparison.Ordinal) && IsOf(ends[1], type) && edge.Subject == number);
    }

    private bool IsOf(string end, uint type) => _texts.TryGetValue((CheckpointPart.ObjectType, 0, type), out string? name) && end.Split('#')[0] == name;
}

/// <summary>Writes down what a checkpoint hands over.</summary>
internal sealed class StoreText : ICheckpointReceiver
{
    private readonly StringBuilder _text = new();

    public CheckpointCounts Counts { get; private set; }

    public void Begin(CheckpointHead head, CheckpointCounts counts) => Counts = counts;

    public void Schema(StoredSchema schema) => Line($"{schema.Revision} {schema.CommittedAt} {schema.Text}");

    public void Text(CheckpointPart part, uint number, string text) => Text(part, 0, number, text);

    public void Text(CheckpointPart part, uint type, uint number, string text) => Line($"{part} {type} {number} {text}");

    public void Name(uint objectType, uint number, ReadOnlySpan<byte> name) => Text(CheckpointPart.ObjectName, objectType, number, Encoding.UTF8.GetString(name));

    public void Key(StoredKey key) => Line($"key {key}");

    public void Edges(ReadOnlySpan<StoredEdge> edges)
    {
        foreach (ref readonly StoredEdge edge in edges) Edge(edge);
    }

    public void Edge(StoredEdge edge) => Line($"{edge.EdgeType} {edge.Resource} {edge.Subject} {edge.Caveat} {edge.Created} {edge.Window.NotBefore.Microseconds} {edge.Window.ExpiresAt.Microseconds}");

    public override string ToString() => _text.ToString();

    private void Line(FormattableString line) => _text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
