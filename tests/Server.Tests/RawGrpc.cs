using System.Buffers.Binary;
using System.Net.Http.Headers;
using AuthzGraph.Rpc;
using Google.Protobuf;

namespace AuthzGraph.Server.Tests;

/// <summary>gRPC byte by byte, so that it can be done wrong.</summary>
internal static class RawGrpc
{
    public const string CheckPath = "/authzgraph.v1.Permissions/Check";

    /// <summary>How a call ended, where its status stood, and how many bytes of messages came before it.</summary>
    public sealed record Answer(int Http, RpcCode? Code, string Message, bool TrailersOnly, byte[] Body, HttpResponseHeaders Headers);

    public static byte[] Frame(byte[] payload, byte flag = 0)
    {
        byte[] frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>What is in the frames of a body; none of it is compressed.</summary>
    public static IEnumerable<byte[]> Payloads(byte[] body)
    {
        for (int at = 0; at + RpcFrame.HeaderSize <= body.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at + 1));
            yield return body[(at + RpcFrame.HeaderSize)..(at + RpcFrame.HeaderSize + length)];
            at += RpcFrame.HeaderSize + length;
        }
    }

    public static byte[] Frame(IMessage message) => Frame(message.ToByteArray());

    public static Task<Answer> PostAsync(TestServer server, byte[] body, string path = CheckPath, string mediaType = "application/grpc", params (string, string)[] headers) =>
        PostAsync(server.Http2, new ByteArrayContent(body), path, mediaType, headers);

    public static async Task<Answer> PostAsync(HttpClient http, HttpContent content, string path, string mediaType, params (string Name, string Value)[] headers)
    {
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = content, Version = http.DefaultRequestVersion, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        byte[] bytes = await response.Content.ReadAsByteArrayAsync();
        bool trailersOnly = response.Headers.Contains(RpcMetadata.Status);
        HttpResponseHeaders where = trailersOnly ? response.Headers : response.TrailingHeaders;
        RpcCode? code = where.TryGetValues(RpcMetadata.Status, out IEnumerable<string>? values) ? RpcStatus.ParseCode(values.Single()) : null;
        string message = where.TryGetValues(RpcMetadata.Message, out values) ? PercentEncoding.Decode(values.Single()) : "";
        return new Answer((int)response.StatusCode, code, message, trailersOnly, bytes, response.Headers);
    }
}
