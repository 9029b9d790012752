namespace AuthzGraph.Graph.Storage;

/// <summary>A few bytes on stable storage, in two slots that fail apart from each other.</summary>
internal interface ISlotStore : IDisposable
{
    /// <summary>What it is called, for messages.</summary>
    string Name { get; }

    bool Exists { get; }

    /// <summary>Makes it with both slots filled, whole or not at all.</summary>
    void Create(ReadOnlySpan<byte> slot);

    /// <summary>Reads one slot; bytes that are not there are zero.</summary>
    void Read(int slot, Span<byte> destination);

    /// <summary>Overwrites one slot and returns once it is on stable storage.</summary>
    void Write(int slot, ReadOnlySpan<byte> bytes);
}
