using AuthzGraph.Rpc;

namespace AuthzGraph.Server.Wire.Checks;

/// <summary>A CheckBatchRequest where it lies.</summary>
internal ref struct BatchFields
{
    private const uint ConsistencyTag = Protocol.V1.CheckBatchRequest.ConsistencyFieldNumber << 3 | FieldReader.Length;
    private const uint ItemsTag = Protocol.V1.CheckBatchRequest.ItemsFieldNumber << 3 | FieldReader.Length;

    private FieldReader _fields;

    public Protocol.V1.Consistency? Consistency { get; private set; }

    /// <summary>How many items there are.</summary>
    public int Count { get; private set; }

    /// <summary>The item at hand.</summary>
    public readonly CheckFields Item => new(_fields.Content);

    /// <exception cref="InvalidDataException">It is no such message.</exception>
    public static BatchFields Read(ReadOnlySpan<byte> message)
    {
        BatchFields read = default;
        var fields = new FieldReader(message);
        while (fields.Next())
            if (fields.Tag == ItemsTag) read.Count++;
            else if (fields.Tag == ConsistencyTag) read.Consistency = Merged.With(read.Consistency, fields.Content);
        read._fields = new FieldReader(message);
        return read;
    }

    /// <summary>Goes on to the next item.</summary>
    public bool NextItem()
    {
        while (_fields.Next())
            if (_fields.Tag == ItemsTag) return true;
        return false;
    }
}
