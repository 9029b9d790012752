namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>The files that checkpoints are kept in, by number. The simulations of the tests put in a disk of their own.</summary>
internal interface ICheckpointFiles
{
    /// <summary>The numbers of those that are there under their names, in any order.</summary>
    IReadOnlyList<ulong> Numbers();

    /// <summary>Starts one. It has no name before it is sealed.</summary>
    ICheckpointOutput Create(ulong number);

    /// <exception cref="IOException">It is not there, or can't be read.</exception>
    ICheckpointInput Open(ulong number);

    void Remove(ulong number);

    /// <summary>What the file of a number is called, for messages.</summary>
    string NameOf(ulong number);
}

internal interface ICheckpointOutput : IDisposable
{
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Returns once everything is on stable storage, under its name.</summary>
    void Seal();
}

internal interface ICheckpointInput : IDisposable
{
    long Length { get; }

    /// <summary>Fills all of <paramref name="destination"/>.</summary>
    /// <exception cref="IOException">It can't be read, or ends before.</exception>
    void Read(long offset, Span<byte> destination);
}
