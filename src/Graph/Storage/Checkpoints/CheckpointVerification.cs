namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>Reads all of a checkpoint and keeps nothing: it throws, or the checkpoint is whole.</summary>
/// <param name="read">Told how many edges were read more.</param>
internal sealed class CheckpointVerification(CancellationToken cancellation, Action<int>? read = null) : ICheckpointReceiver
{
    public void Begin(CheckpointHead head, CheckpointCounts counts) { }
    public void Schema(StoredSchema schema) { }
    public void Text(CheckpointPart part, uint number, string text) { }
    public void Name(uint objectType, uint number, ReadOnlySpan<byte> name) { }
    public void Key(StoredKey key) { }

    public void Edges(ReadOnlySpan<StoredEdge> edges)
    {
        cancellation.ThrowIfCancellationRequested();
        read?.Invoke(edges.Length);
    }
}
