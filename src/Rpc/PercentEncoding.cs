using System.Globalization;
using System.Text;

namespace AuthzGraph.Rpc;

/// <summary>The encoding of grpc-message: UTF-8, of which printable ASCII but % stands for itself.</summary>
public static class PercentEncoding
{
    public static string Encode(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && !text.Contains('%')) return text;
        var encoded = new StringBuilder();
        foreach (byte b in Encoding.UTF8.GetBytes(text))
            if (b is >= 0x20 and <= 0x7E and not (byte)'%') encoded.Append((char)b);
            else encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        return encoded.ToString();
    }

    /// <summary>Never fails: what is not a valid escape stands for itself.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%')) return text;
        var bytes = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte b))
            {
                bytes.Add(b);
                i += 2;
            }
            else bytes.AddRange(Encoding.UTF8.GetBytes(text[i..(i + 1)]));
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }
}
