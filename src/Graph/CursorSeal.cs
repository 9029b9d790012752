using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>
/// What every cursor has in common: opaque, and sealed as a consistency token is. Bytes: version (1), store (16), timeline, revision, what the cursor
/// says, and 16 bytes of HMAC-SHA256 over these; base64url.
/// </summary>
internal static class CursorSeal
{
    private const int StoreLength = 16;
    private const int MaxLength = 8 * 1024;

    public delegate void Saying(PayloadWriter writer);

    public static string Close(StoreIdentity identity, byte version, Revision revision, Saying say)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new PayloadWriter(bytes);
        writer.Byte(version);
        bytes.Write(identity.Store.ToByteArray());
        writer.Number(identity.Timeline);
        writer.Number(revision.Value);
        say(writer);
        Span<byte> seal = stackalloc byte[ConsistencyToken.SealLength];
        ConsistencyToken.Seal(identity, bytes.WrittenSpan, seal);
        bytes.Write(seal);
        return Base64Url.EncodeToString(bytes.WrittenSpan);
    }

    /// <summary>What the cursor says.</summary>
    /// <exception cref="RejectionException">It is no cursor, or one of another kind, store or timeline.</exception>
    public static PayloadReader Open(StoreIdentity identity, byte version, string text, out Revision revision)
    {
        ReadOnlySpan<byte> bytes = Decode(text);
        if (bytes.Length <= 1 + StoreLength + ConsistencyToken.SealLength || bytes[0] != version) throw Rejections.InvalidCursor();
        if (new Guid(bytes.Slice(1, StoreLength)) != identity.Store) throw Rejections.CursorOfAnotherStore();
        ReadOnlySpan<byte> content = bytes[..^ConsistencyToken.SealLength];
        Span<byte> seal = stackalloc byte[ConsistencyToken.SealLength];
        ConsistencyToken.Seal(identity, content, seal);
        if (!CryptographicOperations.FixedTimeEquals(seal, bytes[content.Length..])) throw Rejections.InvalidCursor();
        var reader = new PayloadReader(content[(1 + StoreLength)..]);
        Revision? shared = identity.LastShared(reader.Number32());
        revision = new Revision(reader.Number());
        return revision <= shared ? reader : throw Rejections.CursorOfAnotherTimeline(revision, shared);
    }

    /// <summary>A number that tells one request from another, of which it is given every part.</summary>
    public static ulong DigestOf(params ReadOnlySpan<string?> parts)
    {
        var text = new StringBuilder();
        foreach (string? part in parts) text.Append(part is null ? "-;" : $"{part.Length}:{part};");
        return BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static byte[] Decode(string text)
    {
        byte[] bytes = new byte[Base64Url.GetMaxDecodedLength(Math.Min(text.Length, MaxLength))];
        return text.Length <= MaxLength && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out int length) ? bytes[..length] : throw Rejections.InvalidCursor();
    }
}
