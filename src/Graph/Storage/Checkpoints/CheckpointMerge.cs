using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>
/// Makes a checkpoint of the one before it and what the log says since: both are in the same order, so they are read side by
/// side, once. Nothing but the log's own words goes in, so a checkpoint can't disagree with replay from zero.
/// </summary>
/// <param name="before">Null for the first.</param>
/// <param name="horizon">Schemas that were replaced, and keys that were used, before it are left out.</param>
/// <param name="ended">Tuples that ended by then are left out: they explain nothing any more.</param>
internal sealed class CheckpointMerge(CheckpointReader? before, CheckpointDelta delta, ICheckpointSink writer, Instant horizon, Instant ended)
{
    private readonly Rebound _rebound = new(delta.Texts);

    public void Run(CancellationToken cancellation)
    {
        MergeSchemas();
        ReadOnlySpan<NumberedText> texts = delta.SortedTexts();
        foreach (CheckpointPart part in (ReadOnlySpan<CheckpointPart>)[CheckpointPart.ObjectType, CheckpointPart.EdgeType, CheckpointPart.CaveatContext, CheckpointPart.ObjectName])
            MergeTexts(part, ref texts);
        MergeKeys();
        MergeEdges(delta.SortedEdges(), cancellation);
        before?.End();
    }

    private void MergeSchemas()
    {
        StoredSchema? held = null;
        while (before is not null && before.TrySchema(out StoredSchema schema)) Keep(schema);
        foreach (StoredSchema schema in delta.Schemas) Keep(schema);
        if (held is { } last) writer.Schema(last);

        // a schema is written once it is known that the next one did not replace it before the horizon
        void Keep(StoredSchema next)
        {
            if (held is { } replaced && next.CommittedAt > horizon) writer.Schema(replaced);
            held = next;
        }
    }

    private void MergeTexts(CheckpointPart part, ref ReadOnlySpan<NumberedText> changes)
    {
        while (before is not null && before.TryText(part, out uint type, out uint number, out ReadOnlySpan<byte> utf8))
        {
            while (!changes.IsEmpty && changes[0].Place.CompareTo((part, type, number)) < 0) Take(ref changes);
            bool isBoundAgain = !changes.IsEmpty && changes[0].Place == (part, type, number);
            if (isBoundAgain) _rebound.Replaces(changes[0]);
            if (isBoundAgain) Take(ref changes);
            else if (_rebound.Keeps(part, type, number, utf8)) Write(part, type, number, utf8);
        }
        while (!changes.IsEmpty && changes[0].Part == part) Take(ref changes);
    }

    private void Take(ref ReadOnlySpan<NumberedText> changes)
    {
        if (_rebound.IsLast(changes[0])) Write(changes[0].Part, changes[0].Type, changes[0].Number, changes[0].Utf8.Span);
        changes = changes[1..];
    }

    private void Write(CheckpointPart part, uint type, uint number, ReadOnlySpan<byte> utf8)
    {
        _rebound.Learn(part, number, utf8);
        writer.Text(part, type, number, utf8);
    }

    private void MergeKeys()
    {
        while (before is not null && before.TryKey(out StoredKey key))
            if (key.CommittedAt > horizon) writer.Key(key);
        foreach (StoredKey key in delta.Keys)
            if (key.CommittedAt > horizon) writer.Key(key);
    }

    private void MergeEdges(ReadOnlySpan<EdgeChange> changes, CancellationToken cancellation)
    {
        for (ReadOnlySpan<StoredEdge> edges = Edges(); !edges.IsEmpty; edges = Edges())
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (ref readonly StoredEdge edge in edges)
            {
                while (!changes.IsEmpty && changes[0].Edge.ComparePlace(edge) < 0) Take(ref changes);
                if (!changes.IsEmpty && changes[0].Edge.ComparePlace(edge) == 0) Take(ref changes);
                else Write(edge);
            }
        }
        while (!changes.IsEmpty) Take(ref changes);
    }

    private void Take(ref ReadOnlySpan<EdgeChange> changes)
    {
        if (!changes[0].IsDeleted) Write(changes[0].Edge);
        changes = changes[1..];
    }

    private void Write(in StoredEdge edge)
    {
        if (edge.Window.ExpiresAt > ended && !_rebound.IsGone(edge)) writer.Edge(edge);
    }

    private ReadOnlySpan<StoredEdge> Edges() => before is null ? default : before.Edges();
}
