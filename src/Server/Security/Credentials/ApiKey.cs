using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AuthzGraph.Server.Security.Credentials;

/// <summary>The SHA-256 of a secret: what is kept of it.</summary>
internal static class SecretHash
{
    public const int Size = SHA256.HashSizeInBytes;

    public static void Compute(ReadOnlySpan<char> secret, Span<byte> hash)
    {
        // keys are ASCII and short; what is longer is a token, or nonsense
        Span<byte> bytes = secret.Length <= 512 ? stackalloc byte[secret.Length * 3] : new byte[secret.Length * 3];
        int length = Encoding.UTF8.GetBytes(secret, bytes);
        SHA256.HashData(bytes[..length], hash);
    }

    /// <summary>Where to look for it. Only a part, so that the rest is compared in constant time.</summary>
    public static ulong Slot(ReadOnlySpan<byte> hash) => BitConverter.ToUInt64(hash);
}

/// <summary>The keys that callers show: <c>azg_</c> and 256 random bits. Nobody guesses one, so a plain hash of it is enough to keep.</summary>
public static class ApiKey
{
    public const string Prefix = "azg_";
    private const int SecretBytes = 32;

    /// <summary>A new key, and its SHA-256 in hexadecimal, as the credentials file has it.</summary>
    public static (string Key, string Sha256) Create()
    {
        string key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        Span<byte> hash = stackalloc byte[SecretHash.Size];
        SecretHash.Compute(key, hash);
        return (key, Convert.ToHexStringLower(hash));
    }
}
