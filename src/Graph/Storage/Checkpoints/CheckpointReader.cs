using System.Text;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>
/// Reads a checkpoint from front to back and proves on the way that it is whole: each block by its checksum and place, all of
/// them by the seal in the last one, and that one by what the manifest says of it. What is no checkpoint throws
/// <see cref="StoreFailedException"/> with the file and the block.
/// </summary>
internal sealed class CheckpointReader
{
    private readonly CheckpointBlocks _blocks;
    private readonly uint _seal;
    private StoredEdge[] _edges = [];
    private StoredEdge _edgeBefore;
    private CheckpointCounts _seen;
    private (CheckpointPart Part, uint Type, uint Number) _textBefore;

    /// <param name="name">What the file is called.</param>
    public CheckpointReader(ICheckpointInput input, string name, CheckpointMark mark, StoreIdentity identity)
    {
        _blocks = new CheckpointBlocks(input, name, mark);
        (Counts, _seal) = CheckpointCodec.ReadEnd(_blocks.ReadEnd());
        Head = ReadHead(mark, identity);
    }

    public CheckpointHead Head { get; }

    public CheckpointCounts Counts { get; }

    public bool TrySchema(out StoredSchema schema)
    {
        schema = default;
        if (!_blocks.TryItem(CheckpointPart.Schema, out PayloadReader reader)) return false;
        schema = new StoredSchema(new Revision(reader.Number()), new Instant(reader.Signed()), reader.Text());
        _blocks.Took(reader);
        _seen = _seen with { Schemas = _seen.Schemas + 1 };
        return true;
    }

    /// <summary>The next numbered text of a part. They come in order of type and number.</summary>
    /// <param name="utf8">Good until the next call.</param>
    public bool TryText(CheckpointPart part, out uint type, out uint number, out ReadOnlySpan<byte> utf8)
    {
        (type, number) = (0, 0);
        utf8 = default;
        if (!_blocks.TryItem(part, out PayloadReader reader)) return false;
        (uint typeBefore, uint numberBefore) = _blocks.IsFirst ? default : (_textBefore.Type, _textBefore.Number);
        type = typeBefore + reader.Number32();
        number = reader.Number32() + (type == typeBefore ? numberBefore : 0);
        utf8 = reader.Bytes();
        _blocks.Took(reader);
        if (part == _textBefore.Part && (type, number).CompareTo((_textBefore.Type, _textBefore.Number)) <= 0) throw _blocks.Damaged("a number is out of order");
        _textBefore = (part, type, number);
        _seen = part == CheckpointPart.ObjectName ? _seen with { Names = _seen.Names + 1 } : _seen with { Texts = _seen.Texts + 1 };
        return true;
    }

    public bool TryKey(out StoredKey key)
    {
        key = default;
        if (!_blocks.TryItem(CheckpointPart.Key, out PayloadReader reader)) return false;
        string text = reader.Text();
        ulong digest = reader.Number();
        Revision revision = new(Head.Position.Revision.Value - reader.Number());
        key = new StoredKey(text, digest, revision, new Instant(Head.Position.CommittedAt.Microseconds - reader.Signed()));
        _blocks.Took(reader);
        _seen = _seen with { Keys = _seen.Keys + 1 };
        return true;
    }

    /// <summary>The next edges, a block of them; none at the end.</summary>
    public ReadOnlySpan<StoredEdge> Edges()
    {
        if (!_blocks.TryItem(CheckpointPart.Edge, out PayloadReader reader)) return default;
        int count = _blocks.Items;
        if (_edges.Length < count) _edges = new StoredEdge[count];
        LogPosition position = Head.Position;
        StoredEdge before = default;
        for (int i = 0; i < count; i++)
        {
            StoredEdge edge = CheckpointCodec.ReadEdge(ref reader, before, position);
            if (edge.ComparePlace(i == 0 ? _edgeBefore : before) <= 0 && _seen.Edges > 0) throw _blocks.Damaged("an edge is out of order");
            _edges[i] = before = edge;
            _seen = _seen with { Edges = _seen.Edges + 1 };
        }
        _edgeBefore = before;
        _blocks.TookAll(reader);
        return _edges.AsSpan(0, count);
    }

    /// <summary>Everything was read, and it was everything.</summary>
    public void End()
    {
        uint seal = _blocks.ExpectEnd();
        if (seal != _seal) throw _blocks.Damaged("its blocks are not those it was closed with");
        if (_seen with { Blocks = Counts.Blocks } != Counts || _blocks.Count != Counts.Blocks) throw _blocks.Damaged($"it holds {_seen} where {Counts} was written");
    }

    /// <summary>Hands everything over.</summary>
    public void ReadAll(ICheckpointReceiver receiver)
    {
        receiver.Begin(Head, Counts);
        while (TrySchema(out StoredSchema schema)) receiver.Schema(schema);
        foreach (CheckpointPart part in (ReadOnlySpan<CheckpointPart>)[CheckpointPart.ObjectType, CheckpointPart.EdgeType, CheckpointPart.CaveatContext])
            while (TryText(part, out _, out uint number, out ReadOnlySpan<byte> text)) receiver.Text(part, number, Encoding.UTF8.GetString(text));
        while (TryText(CheckpointPart.ObjectName, out uint type, out uint number, out ReadOnlySpan<byte> name)) receiver.Name(type, number, name);
        while (TryKey(out StoredKey key)) receiver.Key(key);
        for (ReadOnlySpan<StoredEdge> edges = Edges(); !edges.IsEmpty; edges = Edges()) receiver.Edges(edges);
        End();
    }

    private CheckpointHead ReadHead(CheckpointMark mark, StoreIdentity identity)
    {
        if (!_blocks.TryItem(CheckpointPart.Head, out _)) throw _blocks.Damaged("it does not start with its head");
        CheckpointHead head = CheckpointCodec.ReadHead(_blocks.Payload);
        if (head.Store != identity.Store) throw _blocks.Damaged($"it is of store {head.Store}, and the manifest is of store {identity.Store}");
        if (head.Timeline > identity.Timeline) throw _blocks.Damaged($"timeline {head.Timeline} is later than the manifest's {identity.Timeline}");
        if (head.Position != mark.Position) throw _blocks.Damaged("it ends elsewhere in the log than the manifest says");
        _blocks.TookAll(new PayloadReader(default));
        return head;
    }
}
