using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>The parts of a checkpoint, in the order in which they lie in it.</summary>
internal enum CheckpointPart : byte
{
    /// <summary>Whose it is and how far it goes.</summary>
    Head = 1,

    /// <summary>Schemas, oldest first: the one in force, and older ones that history needs.</summary>
    Schema = 2,

    /// <summary>Numbers and names of object types.</summary>
    ObjectType = 3,

    /// <summary>Numbers and texts of edge types.</summary>
    EdgeType = 4,

    /// <summary>Numbers and texts of caveat contexts.</summary>
    CaveatContext = 5,

    /// <summary>Numbers and object ids, by object type.</summary>
    ObjectName = 6,

    /// <summary>Idempotency keys with what they led to.</summary>
    Key = 7,

    /// <summary>Every edge there is, by edge type, resource and subject.</summary>
    Edge = 8,

    /// <summary>How much of each there is, and a checksum over all of it.</summary>
    End = 9,
}

/// <summary>Whose a checkpoint is, how far it goes, and what it no longer tells.</summary>
/// <param name="Position">Behind the last transaction that it holds.</param>
/// <param name="OldestRevision">Revisions before can't be read: what they held is collected.</param>
/// <param name="OldestInstant">Instants before can't be asked about: tuples that would explain them are left out.</param>
internal readonly record struct CheckpointHead(Guid Store, uint Timeline, LogPosition Position, Revision OldestRevision, Instant OldestInstant)
{
    /// <summary>Tuples that ended by then are left out: for as long before the oldest instant as that is before the checkpoint.</summary>
    public Instant Ended => OldestInstant.IsFinite ? OldestInstant.Plus(OldestInstant.Microseconds - Position.CommittedAt.Microseconds) : OldestInstant;
}

/// <summary>An edge as it stands at the checkpoint's revision.</summary>
/// <param name="Created">The revision that wrote it.</param>
/// <param name="Caveat">The number of its caveat context; 0: none.</param>
internal readonly record struct StoredEdge(uint EdgeType, uint Resource, uint Subject, uint Caveat, ulong Created, Window Window)
{
    /// <summary>Below zero, zero or above, as this edge's place is before, at or behind another's.</summary>
    public int ComparePlace(in StoredEdge other)
    {
        if (EdgeType != other.EdgeType) return EdgeType.CompareTo(other.EdgeType);
        return Resource != other.Resource ? Resource.CompareTo(other.Resource) : Subject.CompareTo(other.Subject);
    }
}

/// <summary>A schema and the transaction that wrote it.</summary>
internal readonly record struct StoredSchema(Revision Revision, Instant CommittedAt, string Text);

/// <summary>An idempotency key, the digest of the request it named, and the transaction that answered it.</summary>
internal readonly record struct StoredKey(string Text, ulong Digest, Revision Revision, Instant CommittedAt);

/// <summary>How many there are of each part.</summary>
internal readonly record struct CheckpointCounts(ulong Schemas, ulong Texts, ulong Names, ulong Keys, ulong Edges, ulong Blocks);

/// <summary>Takes over what a checkpoint holds. Called in the order of <see cref="CheckpointPart"/>, by one thread.</summary>
internal interface ICheckpointReceiver
{
    void Begin(CheckpointHead head, CheckpointCounts counts);
    void Schema(StoredSchema schema);

    /// <param name="part">One of object type, edge type, caveat context.</param>
    void Text(CheckpointPart part, uint number, string text);

    /// <param name="name">UTF-8; good until the call returns.</param>
    void Name(uint objectType, uint number, ReadOnlySpan<byte> name);

    void Key(StoredKey key);

    /// <summary>Some edges, in order of edge type, resource and subject; good until the call returns.</summary>
    void Edges(ReadOnlySpan<StoredEdge> edges);
}

/// <summary>Takes what a merge gives out, in the order of <see cref="CheckpointPart"/>.</summary>
internal interface ICheckpointSink
{
    void Schema(StoredSchema schema);

    /// <param name="type">The object type of a name; 0 for the other texts.</param>
    /// <param name="utf8">Good until the call returns.</param>
    void Text(CheckpointPart part, uint type, uint number, ReadOnlySpan<byte> utf8);

    void Key(StoredKey key);
    void Edge(in StoredEdge edge);
}
