using System.Buffers;
using System.Runtime.InteropServices;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>Writes a checkpoint, part by part in the order of <see cref="CheckpointPart"/>.</summary>
internal sealed class CheckpointWriter : ICheckpointSink
{
    private readonly ICheckpointOutput _output;
    private readonly ulong _number;
    private readonly LogPosition _position;
    private readonly ArrayBufferWriter<byte> _block = new(2 * CheckpointBlock.TargetBytes);
    private CheckpointPart _part = CheckpointPart.Head;
    private int _items;
    private CheckpointCounts _counts;
    private uint _seal;
    private long _bytes;
    private (uint Type, uint Number) _textBefore;
    private StoredEdge _edgeBefore;

    public CheckpointWriter(ICheckpointOutput output, ulong number, CheckpointHead head)
    {
        (_output, _number, _position) = (output, number, head.Position);
        StartBlock();
        CheckpointCodec.WriteHead(Next(CheckpointPart.Head), head);
    }

    public void Schema(StoredSchema schema)
    {
        PayloadWriter writer = new(Next(CheckpointPart.Schema));
        writer.Number(schema.Revision.Value);
        writer.Signed(schema.CommittedAt.Microseconds);
        writer.Text(schema.Text);
        _counts = _counts with { Schemas = _counts.Schemas + 1 };
    }

    public void Text(CheckpointPart part, uint type, uint number, ReadOnlySpan<byte> utf8)
    {
        PayloadWriter writer = new(Next(part));
        writer.Number(type - _textBefore.Type);
        writer.Number(type == _textBefore.Type ? number - _textBefore.Number : number);
        writer.Bytes(utf8);
        _textBefore = (type, number);
        _counts = part == CheckpointPart.ObjectName ? _counts with { Names = _counts.Names + 1 } : _counts with { Texts = _counts.Texts + 1 };
    }

    public void Key(StoredKey key)
    {
        PayloadWriter writer = new(Next(CheckpointPart.Key));
        writer.Text(key.Text);
        writer.Number(key.Digest);
        writer.Number(_position.Revision.Value - key.Revision.Value);
        writer.Signed(_position.CommittedAt.Microseconds - key.CommittedAt.Microseconds);
        _counts = _counts with { Keys = _counts.Keys + 1 };
    }

    public void Edge(in StoredEdge edge)
    {
        CheckpointCodec.WriteEdge(Next(CheckpointPart.Edge), edge, _edgeBefore, _position);
        _edgeBefore = edge;
        _counts = _counts with { Edges = _counts.Edges + 1 };
    }

    /// <summary>Closes it; returns once it is on stable storage under its name. It does not count before it was verified.</summary>
    public CheckpointMark End()
    {
        Flush();
        Span<byte> payload = stackalloc byte[CheckpointCodec.EndBytes - CheckpointBlock.HeaderBytes];
        CheckpointCodec.WriteEnd(payload, _counts, _seal);
        _part = CheckpointPart.End;
        _items = 1;
        _block.Write(payload);
        uint checksum = Flush();
        _output.Seal();
        return new CheckpointMark(_number, _position, _bytes, checksum);
    }

    /// <summary>Where the next item goes: the block at hand, if it is of this part and not full.</summary>
    private ArrayBufferWriter<byte> Next(CheckpointPart part)
    {
        if (part != _part || _block.WrittenCount >= CheckpointBlock.TargetBytes)
        {
            Invariant.That(part >= _part);
            Flush();
            _part = part;
        }
        _items++;
        return _block;
    }

    private uint Flush()
    {
        if (_items == 0) return 0;
        int payload = _block.WrittenCount - CheckpointBlock.HeaderBytes;
        Invariant.That(payload <= CheckpointBlock.MostBytes);
        Span<byte> block = MemoryMarshal.AsMemory(_block.WrittenMemory).Span;
        uint checksum = CheckpointBlock.Seal(block, new BlockHeader(_number, (uint)_counts.Blocks, _items, _part, payload));
        _output.Append(block);
        _seal = CheckpointBlock.Chain(_seal, checksum);
        _counts = _counts with { Blocks = _counts.Blocks + 1 };
        _bytes += block.Length;
        StartBlock();
        return checksum;
    }

    private void StartBlock()
    {
        _block.ResetWrittenCount();
        _block.GetSpan(CheckpointBlock.HeaderBytes)[..CheckpointBlock.HeaderBytes].Clear();
        _block.Advance(CheckpointBlock.HeaderBytes);
        _items = 0;
        _textBefore = default;
        _edgeBefore = default;
    }
}
