using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace AuthzGraph.SchemaCompiler;

/// <summary>SHA-256 of a schema's text in UTF-8, as 64 lower-case hexadecimal digits: which schema a decision was made under.</summary>
public readonly record struct SchemaDigest(string Hex)
{
    private const int CharactersAtATime = 16 * 1024;

    public static SchemaDigest Of(string text)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Encoder encoder = Encoding.UTF8.GetEncoder();
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(CharactersAtATime));
        for (ReadOnlySpan<char> rest = text; ;)
        {
            int count = Math.Min(rest.Length, CharactersAtATime);
            bool isLast = count == rest.Length;
            hash.AppendData(bytes, 0, encoder.GetBytes(rest[..count], bytes, flush: isLast));
            if (isLast) break;
            rest = rest[count..];
        }
        ArrayPool<byte>.Shared.Return(bytes);
        return new SchemaDigest(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    public override string ToString() => Hex;
}
