using System.Text;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Writing;

/// <summary>Puts names, caveats and edges of a checkpoint into an empty index, and keeps what is the writer's.</summary>
internal sealed class CheckpointLoading(GraphIndex index) : ICheckpointReceiver
{
    private readonly List<StoredSchema> _schemas = [];
    private readonly List<StoredKey> _keys = [];

    public Revision Revision { get; private set; }

    public Instant CommittedAt { get; private set; }

    /// <summary>Oldest first; the last is in force.</summary>
    public IReadOnlyList<StoredSchema> Schemas => _schemas;

    public IReadOnlyList<StoredKey> Keys => _keys;

    /// <summary>What the checkpoint holds is settled: no revision before its own can be read for now.</summary>
    public void Begin(CheckpointHead head, CheckpointCounts counts)
    {
        (Revision, CommittedAt) = (head.Position.Revision, head.Position.CommittedAt);
        index.Horizon.StartAt(Revision, head.OldestInstant);
    }

    public void Schema(StoredSchema schema) => _schemas.Add(schema);

    public void Text(CheckpointPart part, uint number, string text) => index.Apply(Revision, part switch
    {
        CheckpointPart.ObjectType => LogEntry.ObjectType(number, text),
        CheckpointPart.EdgeType => LogEntry.EdgeType(number, text),
        CheckpointPart.CaveatContext => LogEntry.CaveatContext(number, text),
        _ => throw new InvariantException($"no part {part} is given as numbered texts"),
    });

    public void Name(uint objectType, uint number, ReadOnlySpan<byte> name) =>
        index.Apply(Revision, LogEntry.ObjectName(objectType, number, Encoding.UTF8.GetString(name)));

    public void Key(StoredKey key) => _keys.Add(key);

    public void Edges(ReadOnlySpan<StoredEdge> edges) => index.Load(edges);
}
