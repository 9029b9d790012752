namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>The blocks of a checkpoint, one after the other, each verified before anything in it is read.</summary>
internal sealed class CheckpointBlocks(ICheckpointInput input, string name, CheckpointMark mark)
{
    private const int BufferBytes = 1 << 20;

    private byte[] _buffer = [];
    private int _from;
    private int _to;
    private long _read;
    private bool _opened;
    private BlockHeader _header;
    private int _payloadFrom;
    private int _taken;
    private int _itemsTaken;
    private uint _seal;

    // Of the block that was read last, or, while one is read, of that one.
    private long BlockAddress { get; set; }

    /// <summary>How many were read.</summary>
    public ulong Count { get; private set; }

    /// <summary>How many items the block at hand holds.</summary>
    public int Items => _header.Items;

    /// <summary>Whether the item that <see cref="TryItem"/> just gave is its block's first.</summary>
    public bool IsFirst => _itemsTaken == 0;

    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(_payloadFrom, _header.PayloadBytes);

    /// <summary>The payload of the last block, which the manifest vouches for.</summary>
    public byte[] ReadEnd()
    {
        BlockAddress = Math.Min(input.Length, mark.Bytes);
        if (input.Length != mark.Bytes) throw Damaged($"it has {input.Length} bytes where it was made with {mark.Bytes}");
        if (mark.Bytes < CheckpointCodec.EndBytes) throw Damaged("it is too short to be one");
        byte[] block = new byte[CheckpointCodec.EndBytes];
        BlockAddress = mark.Bytes - block.Length;
        input.Read(mark.Bytes - block.Length, block);
        if (CheckpointBlock.Checksum(block) != mark.Checksum || !CheckpointBlock.IsWhole(block)) throw Damaged("its last block is not the one it was closed with");
        if (CheckpointBlock.VersionOf(block) != CheckpointBlock.Version)
            throw Damaged($"it is of format {CheckpointBlock.VersionOf(block)}, and this program reads only format {CheckpointBlock.Version}");
        BlockAddress = 0;
        return block[CheckpointBlock.HeaderBytes..];
    }

    /// <summary>Reads every block, and looks into none: it throws, or they are the ones that were written.</summary>
    public void Verify()
    {
        (CheckpointCounts counts, uint seal) = CheckpointCodec.ReadEnd(ReadEnd());
        do Advance(); while (_header.Part != CheckpointPart.End);
        if (_seal != seal || Count != counts.Blocks) throw Damaged("its blocks are not those it was closed with");
    }

    /// <summary>Stands before the next item of a part, reading the next block if need be; false where the part ends.</summary>
    public bool TryItem(CheckpointPart part, out PayloadReader reader)
    {
        if (!_opened || _itemsTaken == _header.Items) Advance();
        bool isThere = _header.Part == part;
        reader = isThere ? new PayloadReader(Payload[_taken..]) : default;
        return isThere;
    }

    /// <summary>One item was read: the next one starts where <paramref name="reader"/> stopped.</summary>
    public void Took(PayloadReader reader)
    {
        _taken = _header.PayloadBytes - reader.Remaining;
        if (++_itemsTaken == _header.Items && reader.Remaining != 0) throw Damaged("bytes follow its last item");
    }

    /// <summary>All items of the block were read.</summary>
    public void TookAll(PayloadReader reader)
    {
        _itemsTaken = _header.Items - 1;
        Took(reader);
    }

    /// <summary>The seal over all blocks but the last, which must be next.</summary>
    public uint ExpectEnd()
    {
        if (!TryItem(CheckpointPart.End, out _)) throw Damaged($"a part of kind {(byte)_header.Part} is out of place");
        return _seal;
    }

    public StoreFailedException Damaged(string why) =>
        new($"the file `{name}` is damaged at block {Count}, byte {BlockAddress}: {why}") { Place = new DamagedPlace(name, BlockAddress) };

    private void Advance()
    {
        if (_opened) _seal = CheckpointBlock.Chain(_seal, CheckpointBlock.Checksum(_buffer.AsSpan(_payloadFrom - CheckpointBlock.HeaderBytes)));
        if (_opened) Count++;
        BlockAddress = _read - (_to - _from);
        Fill(CheckpointBlock.HeaderBytes);
        BlockHeader header = CheckpointBlock.Read(_buffer.AsSpan(_from));
        if (header.PayloadBytes is < 0 or > CheckpointBlock.MostBytes) throw Damaged("its length can't be");
        Fill(CheckpointBlock.HeaderBytes + header.PayloadBytes);
        ReadOnlySpan<byte> block = _buffer.AsSpan(_from, CheckpointBlock.HeaderBytes + header.PayloadBytes);
        if (!CheckpointBlock.IsWhole(block)) throw Damaged("its checksum is wrong");
        if (header.Number != mark.Number || header.Ordinal != Count || header.Items <= 0 || header.Items > Math.Max(1, header.PayloadBytes))
            throw Damaged("it belongs elsewhere");
        if (_opened && header.Part < _header.Part) throw Damaged("its parts are out of order");
        (_header, _payloadFrom, _taken, _itemsTaken, _opened) = (header, _from + CheckpointBlock.HeaderBytes, 0, 0, true);
        _from += block.Length;
    }

    /// <summary>Makes the next <paramref name="bytes"/> bytes lie in the buffer in one piece.</summary>
    private void Fill(int bytes)
    {
        if (_to - _from >= bytes) return;
        if (mark.Bytes - _read < bytes - (_to - _from)) throw Damaged("it ends too soon");
        byte[] buffer = _buffer.Length >= bytes && _buffer.Length >= BufferBytes ? _buffer : new byte[Math.Max(BufferBytes, bytes)];
        _buffer.AsSpan(_from, _to - _from).CopyTo(buffer);
        (_buffer, _from, _to) = (buffer, 0, _to - _from);
        int more = (int)Math.Min(buffer.Length - _to, mark.Bytes - _read);
        input.Read(_read, buffer.AsSpan(_to, more));
        (_read, _to) = (_read + more, _to + more);
    }
}
