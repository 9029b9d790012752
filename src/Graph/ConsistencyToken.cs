using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>
/// A revision as a client holds it: opaque, and sealed so that it checks itself.
/// Bytes: version (1), store (16), timeline (4), revision (8), the first 16 bytes of HMAC-SHA256 over these; base64url.
/// </summary>
internal static class ConsistencyToken
{
    private const byte Version = 1;
    private const int SealedLength = 29;
    public const int SealLength = 16;
    private const int Length = SealedLength + SealLength;
    private static readonly int TextLength = Base64Url.GetEncodedLength(Length);

    public static string Of(StoreIdentity identity, Revision revision)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        identity.Store.TryWriteBytes(bytes[1..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[17..], identity.Timeline);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[21..], revision.Value);
        Seal(identity, bytes[..SealedLength], bytes[SealedLength..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The revision of a token of this store, given out on its timeline or, before a restore left it, on one it goes back to.</summary>
    public static Revision Read(StoreIdentity identity, string token)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (token.Length != TextLength || !Base64Url.IsValid(token) || !Base64Url.TryDecodeFromChars(token, bytes, out int length) || length != Length || bytes[0] != Version)
            throw Rejections.InvalidToken();
        if (new Guid(bytes[1..17]) != identity.Store) throw Rejections.TokenOfAnotherStore();
        Span<byte> seal = stackalloc byte[SealLength];
        Seal(identity, bytes[..SealedLength], seal);
        if (!CryptographicOperations.FixedTimeEquals(seal, bytes[SealedLength..])) throw Rejections.InvalidToken();
        Revision revision = new(BinaryPrimitives.ReadUInt64LittleEndian(bytes[21..]));
        Revision? shared = identity.LastShared(BinaryPrimitives.ReadUInt32LittleEndian(bytes[17..]));
        return revision <= shared ? revision : throw Rejections.TokenOfAnotherTimeline(revision, shared);
    }

    /// <summary>Fills <paramref name="seal"/> with what only this store can work out from a content.</summary>
    public static void Seal(StoreIdentity identity, ReadOnlySpan<byte> content, Span<byte> seal)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(identity.TokenKey, content, whole);
        whole[..SealLength].CopyTo(seal);
    }
}
