using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Exporting;

/// <summary>
/// Where an export stands, as a client holds it: opaque, and sealed as a consistency token is. It carries names, so it means the same
/// after a restart. Bytes: version (1), store (16), then as numbers and texts timeline, revision, instant, filter and the last tuple
/// given out (resource, relation, subject; empty before the first), and 16 bytes of HMAC-SHA256 over these; base64url.
/// </summary>
/// <param name="Last">The tuple to go on behind, without window and caveat; null: from the start.</param>
internal sealed record ExportCursor(Revision Revision, Instant Instant, RelationTuple? Last)
{
    private const byte Version = 0xE1;
    private const int StoreLength = 16;
    private const int MaxLength = 8 * 1024;

    public string Seal(StoreIdentity identity, TupleFilter? filter)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new PayloadWriter(bytes);
        writer.Byte(Version);
        bytes.Write(identity.Store.ToByteArray());
        writer.Number(identity.Timeline);
        writer.Number(Revision.Value);
        writer.Signed(Instant.Microseconds);
        writer.Number(DigestOf(filter));
        writer.Text(Last is { } last ? $"{last.Resource}#{last.Relation}@{last.Subject}" : "");
        Span<byte> seal = stackalloc byte[ConsistencyToken.SealLength];
        ConsistencyToken.Seal(identity, bytes.WrittenSpan, seal);
        bytes.Write(seal);
        return Base64Url.EncodeToString(bytes.WrittenSpan);
    }

    /// <exception cref="RejectionException">It is no cursor, or one of another store, timeline or filter.</exception>
    public static ExportCursor Read(StoreIdentity identity, TupleFilter? filter, string text)
    {
        ReadOnlySpan<byte> bytes = Decode(text);
        if (bytes.Length <= 1 + StoreLength + ConsistencyToken.SealLength || bytes[0] != Version) throw Rejections.InvalidCursor();
        if (new Guid(bytes.Slice(1, StoreLength)) != identity.Store) throw Rejections.CursorOfAnotherStore();
        ReadOnlySpan<byte> content = bytes[..^ConsistencyToken.SealLength];
        Span<byte> seal = stackalloc byte[ConsistencyToken.SealLength];
        ConsistencyToken.Seal(identity, content, seal);
        if (!CryptographicOperations.FixedTimeEquals(seal, bytes[content.Length..])) throw Rejections.InvalidCursor();
        var reader = new PayloadReader(content[(1 + StoreLength)..]);
        Revision? shared = identity.LastShared(reader.Number32());
        (Revision revision, Instant instant) = (new Revision(reader.Number()), new Instant(reader.Signed()));
        if (!(revision <= shared)) throw Rejections.CursorOfAnotherTimeline(revision, shared);
        if (reader.Number() != DigestOf(filter)) throw Rejections.CursorOfAnotherFilter();
        string last = reader.Text();
        return new ExportCursor(revision, instant, last.Length == 0 ? null : RelationTuple.Parse(last));
    }

    private static byte[] Decode(string text)
    {
        byte[] bytes = new byte[Base64Url.GetMaxDecodedLength(Math.Min(text.Length, MaxLength))];
        return text.Length <= MaxLength && Base64Url.TryDecodeFromChars(text, bytes, out int length) ? bytes[..length] : throw Rejections.InvalidCursor();
    }

    private static ulong DigestOf(TupleFilter? filter)
    {
        if (filter is null) return 0;
        string?[] parts =
        [
            filter.ResourceType, filter.ResourceId, filter.ResourceIdPrefix, filter.Relation,
            filter.Subject?.Type, filter.Subject?.Id, filter.Subject?.Relation,
        ];
        string text = string.Concat(parts.Select(part => part is null ? "-;" : $"{part.Length}:{part};"));
        return BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
