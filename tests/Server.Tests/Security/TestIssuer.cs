using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AuthzGraph.Server.Tests.Security;

/// <summary>An issuer of tokens, written by hand so that it can do it wrong.</summary>
internal sealed class TestIssuer : IDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);

    public string KeyId { get; init; } = "k1";

    /// <summary>Its public key as a JSON Web Key Set.</summary>
    public string KeySet => $$"""{"keys":[{{PublicKey}}]}""";

    public string PublicKey
    {
        get
        {
            RSAParameters key = _rsa.ExportParameters(includePrivateParameters: false);
            return $$"""{"kty":"RSA","use":"sig","alg":"RS256","kid":"{{KeyId}}","n":"{{Text(key.Modulus)}}","e":"{{Text(key.Exponent)}}"}""";
        }
    }

    public string PublicPem => _rsa.ExportSubjectPublicKeyInfoPem();

    public static Dictionary<string, object> Claims(string subject = "bot", int seconds = 600) => new()
    {
        ["iss"] = "https://idp.example",
        ["aud"] = "authzgraph",
        ["sub"] = subject,
        ["exp"] = TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds(),
    };

    public string Token(Dictionary<string, object> claims)
    {
        string signed = Unsigned(claims, "RS256");
        return $"{signed}.{Text(_rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>Header and claims, for a signature of another kind.</summary>
    public string Unsigned(Dictionary<string, object> claims, string algorithm)
    {
        string header = JsonSerializer.Serialize(new Dictionary<string, string> { ["alg"] = algorithm, ["kid"] = KeyId, ["typ"] = "JWT" });
        return $"{Text(Encoding.UTF8.GetBytes(header))}.{Text(JsonSerializer.SerializeToUtf8Bytes(claims))}";
    }

    public void Dispose() => _rsa.Dispose();

    public static string Text(byte[]? bytes) => Base64Url.EncodeToString(bytes);
}
