namespace AuthzGraph.Rpc;

/// <summary>The names and value forms of gRPC's headers and trailers.</summary>
public static class RpcMetadata
{
    public const string ContentType = "application/grpc";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Details = "grpc-status-details-bin";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";

    // the values of grpc-encoding that are understood
    public const string Identity = "identity";
    public const string Gzip = "gzip";
    public const string Encodings = "identity,gzip";

    /// <summary>Whether a media type is gRPC's: <c>application/grpc</c>, <c>application/grpc+proto</c>, with or without parameters.</summary>
    public static bool IsRpc(string? mediaType) =>
        mediaType is not null
        && mediaType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (mediaType.Length == ContentType.Length || mediaType[ContentType.Length] is ';' or '+' or ' ');

    /// <summary>The value of a header whose name ends in -bin: base64 without padding.</summary>
    public static string ToBinary(ReadOnlySpan<byte> value) => Convert.ToBase64String(value).TrimEnd('=');

    /// <summary>Reads such a value, padded or not.</summary>
    /// <returns>Null when it is not base64.</returns>
    public static byte[]? FromBinary(string text)
    {
        text = text.Trim();
        byte[] value = new byte[text.Length];
        string padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(padded, value, out int length) ? value[..length] : null;
    }
}
