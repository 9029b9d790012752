using System.Security.Cryptography;
using System.Text;

namespace AuthzGraph.SchemaCompiler;

/// <summary>SHA-256 of a schema's text in UTF-8, as 64 lower-case hexadecimal digits: which schema a decision was made under.</summary>
public readonly record struct SchemaDigest(string Hex)
{
    public static SchemaDigest Of(string text) => new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));

    public override string ToString() => Hex;
}
