namespace AuthzGraph.Graph.Index.Memory;

/// <summary>Takes back a thing that nobody reads any more.</summary>
internal interface IReusable
{
    void Reuse(ulong what, int size);
}

/// <summary>What was taken out of reach and waits until no reader can hold it. For the writer alone.</summary>
internal sealed unsafe class Limbo(Epochs epochs)
{
    private const int Batch = 1024;

    private readonly Queue<(ulong Epoch, IReusable Owner, ulong What, int Size)> _waiting = [];
    private int _drainAt = Batch;

    public int Count => _waiting.Count;

    /// <summary>Gives a thing back to its owner once nobody can hold it, and the writer is between two operations.</summary>
    public void Retire(IReusable owner, ulong what, int size = 0) => _waiting.Enqueue((epochs.Now, owner, what, size));

    /// <summary>Between two operations: gives back what has waited long enough, if it is much.</summary>
    public void DrainIfFull()
    {
        if (_waiting.Count >= _drainAt) Drain();
    }

    public void Retire(BlockArena arena, uint* block, int words) => Retire(arena, (ulong)block, words);

    /// <summary>Between two operations: gives back what has waited long enough.</summary>
    public void Drain()
    {
        if (_waiting.Count == 0) return;
        ulong oldest = epochs.Advance();
        while (_waiting.TryPeek(out (ulong Epoch, IReusable Owner, ulong What, int Size) first) && first.Epoch < oldest)
        {
            _waiting.Dequeue();
            first.Owner.Reuse(first.What, first.Size);
        }
        _drainAt = _waiting.Count * 2 + Batch;
    }
}

/// <summary>What every part of one index allocates from.</summary>
internal sealed class IndexMemory
{
    public IndexMemory() => Limbo = new Limbo(Epochs);

    public Epochs Epochs { get; } = new();
    public Limbo Limbo { get; }
    public WriteMarks Marks { get; } = new();

    /// <summary>Edges, directories, tables and records.</summary>
    public BlockArena Blocks { get; } = new();

    /// <summary>What versions of edges cost that are there for the sake of older revisions.</summary>
    public long HistoryBytes { get; set; }

    /// <summary>The texts of names.</summary>
    public BlockArena Texts { get; } = new();
}
