using System.Text;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>
/// What a stretch of the log changes, in the order of a checkpoint: of everything that was written twice, the last. It is kept
/// in memory, so whoever fills it stops at <see cref="IsFull"/> and starts another after writing this one out.
/// </summary>
internal sealed class CheckpointDelta(int mostItems)
{
    private const int ChunkBytes = 1 << 20;

    private readonly List<StoredSchema> _schemas = [];
    private readonly List<StoredKey> _keys = [];
    private readonly List<NumberedText> _texts = [];
    private readonly List<EdgeChange> _edges = [];
    private Memory<byte> _free;

    public bool IsFull => _edges.Count + _texts.Count + _keys.Count >= mostItems;

    /// <summary>Schemas and keys in the order written.</summary>
    public IReadOnlyList<StoredSchema> Schemas => _schemas;

    public IReadOnlyList<StoredKey> Keys => _keys;

    /// <summary>Of earlier instants the process that wrote the stretch had forgotten something.</summary>
    public Instant OldestInstant { get; private set; } = Instant.Beginning;

    /// <summary>The numbered texts in the order written, those that were replaced included.</summary>
    public IReadOnlyList<NumberedText> Texts => _texts;

    public void Add(LogTransaction transaction)
    {
        foreach (LogEntry entry in transaction.Entries) Add(transaction, entry);
    }

    /// <summary>The numbered texts by part, type and number.</summary>
    public ReadOnlySpan<NumberedText> SortedTexts()
    {
        (ulong PartAndType, ulong NumberAndTurn)[] keys = new (ulong, ulong)[_texts.Count];
        for (int i = 0; i < keys.Length; i++)
            keys[i] = ((ulong)_texts[i].Part << 32 | _texts[i].Type, (ulong)_texts[i].Number << 32 | (uint)i);
        Array.Sort(keys);
        NumberedText[] sorted = new NumberedText[keys.Length];
        for (int i = 0; i < keys.Length; i++) sorted[i] = _texts[(int)(uint)keys[i].NumberAndTurn];
        return LastOfEquals(sorted, static (x, y) => x.Place == y.Place);
    }

    /// <summary>The edges by edge type, resource and subject; deleted ones are among them.</summary>
    public ReadOnlySpan<EdgeChange> SortedEdges()
    {
        (ulong Edge, ulong SubjectAndTurn)[] keys = new (ulong, ulong)[_edges.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            StoredEdge edge = _edges[i].Edge;
            keys[i] = ((ulong)edge.EdgeType << 32 | edge.Resource, (ulong)edge.Subject << 32 | (uint)i);
        }
        Array.Sort(keys);
        EdgeChange[] sorted = new EdgeChange[keys.Length];
        for (int i = 0; i < keys.Length; i++) sorted[i] = _edges[(int)(uint)keys[i].SubjectAndTurn];
        return LastOfEquals(sorted, static (x, y) => x.Edge.ComparePlace(y.Edge) == 0);
    }

    private void Add(LogTransaction transaction, in LogEntry entry)
    {
        switch (entry.Kind)
        {
            case LogEntryKind.Schema:
                _schemas.Add(new StoredSchema(transaction.Revision, transaction.CommittedAt, entry.Text));
                break;
            case LogEntryKind.ObjectType:
                AddText(transaction, CheckpointPart.ObjectType, 0, entry.Id, entry.Text);
                break;
            case LogEntryKind.EdgeType:
                AddText(transaction, CheckpointPart.EdgeType, 0, entry.Id, entry.Text);
                break;
            case LogEntryKind.CaveatContext:
                AddText(transaction, CheckpointPart.CaveatContext, 0, entry.Id, entry.Text);
                break;
            case LogEntryKind.ObjectName:
                AddText(transaction, CheckpointPart.ObjectName, entry.Id, entry.Resource, entry.Text);
                break;
            case LogEntryKind.IdempotencyKey:
                _keys.Add(new StoredKey(entry.Text, entry.Digest, transaction.Revision, transaction.CommittedAt));
                break;
            case LogEntryKind.Put or LogEntryKind.Remove:
                StoredEdge edge = new(entry.Id, entry.Resource, entry.Subject, entry.Caveat, transaction.Revision.Value, entry.Window);
                _edges.Add(new EdgeChange(edge, entry.Kind == LogEntryKind.Remove));
                break;
            case LogEntryKind.Horizon:
                OldestInstant = Instant.Max(OldestInstant, entry.Window.NotBefore);     // a checkpoint's own beginning lies behind the revision
                break;
            case LogEntryKind.Metadata:
                break;   // is said of a transaction, and goes with it
            default:
                Invariant.That(false, $"a checkpoint knows what becomes of a log entry of kind {entry.Kind}");
                break;
        }
    }

    private void AddText(LogTransaction transaction, CheckpointPart part, uint type, uint number, string text) =>
        _texts.Add(new NumberedText(part, type, number, Keep(text), transaction.Revision.Value));

    /// <summary>The text's UTF-8 among many others in one array: millions of small ones would hold up everybody when garbage is collected.</summary>
    private ReadOnlyMemory<byte> Keep(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        if (_free.Length < length) _free = new byte[Math.Max(ChunkBytes, length)];
        Memory<byte> kept = _free[..length];
        Encoding.UTF8.GetBytes(text, kept.Span);
        _free = _free[length..];
        return kept;
    }

    private static ReadOnlySpan<T> LastOfEquals<T>(T[] sorted, Func<T, T, bool> areEqual)
    {
        int kept = 0;
        for (int i = 0; i < sorted.Length; i++)
            if (i + 1 == sorted.Length || !areEqual(sorted[i], sorted[i + 1])) sorted[kept++] = sorted[i];
        return sorted.AsSpan(0, kept);
    }
}

/// <summary>A number and what it stands for.</summary>
/// <param name="Type">The object type of a name; 0 for the other parts.</param>
/// <param name="Revision">That said so.</param>
internal readonly record struct NumberedText(CheckpointPart Part, uint Type, uint Number, ReadOnlyMemory<byte> Utf8, ulong Revision)
{
    public (CheckpointPart, uint, uint) Place => (Part, Type, Number);
}

/// <summary>An edge as a stretch of the log leaves it.</summary>
internal readonly record struct EdgeChange(StoredEdge Edge, bool IsDeleted);
