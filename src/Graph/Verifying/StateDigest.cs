using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Verifying;

/// <summary>
/// Counts and sums over everything that a store holds, whatever the order in which it is told: two that are equal hold the same. Tuples
/// that had ended by an instant are left out, and so are keys that were used before one: either side may have let go of them.
/// </summary>
internal sealed class StateDigest(Instant ended, Instant forgotten) : ICheckpointSink
{
    private const ulong Odd = 0x9E37_79B9_7F4A_7C15;

    private readonly Dictionary<string, ulong> _keys = new(StringComparer.Ordinal);
    private ulong _sum;
    private string _schema = "";

    public long Edges { get; private set; }

    /// <summary>Names, and texts of object types, edge types and caveats.</summary>
    public long Texts { get; private set; }

    /// <summary>The newest comes last.</summary>
    public void Schema(StoredSchema schema) => _schema = schema.Text;

    public void Text(CheckpointPart part, uint type, uint number, ReadOnlySpan<byte> utf8)
    {
        ulong hash = Mix(Mix(Mix(Odd, (ulong)part), (ulong)type << 32 | number), (ulong)utf8.Length);
        for (; utf8.Length >= sizeof(ulong); utf8 = utf8[sizeof(ulong)..]) hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(utf8));
        foreach (byte b in utf8) hash = Mix(hash, b);
        _sum += hash;
        Texts++;
    }

    /// <summary>Of a key that was used again the last use counts; it comes last.</summary>
    public void Key(StoredKey key)
    {
        if (key.CommittedAt <= forgotten) return;
        ulong hash = Mix(Mix(Mix(Odd, key.Digest), key.Revision.Value), (ulong)key.CommittedAt.Microseconds);
        foreach (char c in key.Text) hash = Mix(hash, c);
        ref ulong known = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key.Text, out _);
        _sum += hash - known;
        known = hash;
    }

    public void Edge(in StoredEdge edge)
    {
        if (edge.Window.ExpiresAt <= ended) return;
        ulong hash = Mix(Mix(Odd, edge.EdgeType), (ulong)edge.Resource << 32 | edge.Subject);
        hash = Mix(Mix(Mix(hash, (ulong)edge.Window.NotBefore.Microseconds), (ulong)edge.Window.ExpiresAt.Microseconds), edge.Caveat);
        _sum += hash;
        Edges++;
    }

    public bool Equals(StateDigest other) => _sum == other._sum && Edges == other.Edges && Texts == other.Texts && _keys.Count == other._keys.Count && _schema == other._schema;

    public override string ToString() => $"{Edges} relationships, {Texts} names and texts, {_keys.Count} idempotency keys";

    private static ulong Mix(ulong hash, ulong value)
    {
        ulong high = Math.BigMul(hash ^ value, Odd, out ulong low);
        return high ^ low ^ ulong.RotateLeft(hash, 29);
    }
}
