using System.Buffers;
using System.Text;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Google.Protobuf;

namespace AuthzGraph.Perf.Serving;

/// <summary>The calls that are measured. Each is made once by a client of ours first, which checks the answer and tells how long such answers are.</summary>
internal sealed class LoadedCalls(ServingProcess server)
{
    private const int LongestNanos = 999_999_000;

    public LoadedCall Empty => Grpc("empty", "/authzgraph.perf.Empty/Call", [0, 0, 0, 0, 0], (RpcFrame.HeaderSize, RpcFrame.HeaderSize));

    public async Task<LoadedCall> CheckAsync() => Grpc("Check", CheckPath, Framed(ServingSample.Check), Lengths(await PermittedAsync(ServingSample.Check)));

    public async Task<LoadedCall> DelegatedAsync() =>
        Grpc("Check, three hops", CheckPath, Framed(ServingSample.DelegatedCheck), Lengths(await PermittedAsync(ServingSample.DelegatedCheck)));

    public async Task<LoadedCall> CheckBatchAsync(string name, IReadOnlyList<(CheckBatchItem Item, Outcome Expected)> checks)
    {
        var request = new CheckBatchRequest { Items = { checks.Select(check => check.Item) } };
        CheckBatchResponse answered = await server.Client.CheckBatchAsync(request);
        if (!answered.Results.Select(result => result.Decision?.Outcome).SequenceEqual(checks.Select(check => (Outcome?)check.Expected)))
            throw new InvalidOperationException($"{name}: not the answers there should be");
        return Grpc(name, "/authzgraph.v1.Permissions/CheckBatch", Framed(request), Lengths(answered));
    }

    public async Task<LoadedCall> JsonAsync()
    {
        byte[] body = Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(ServingSample.Check));
        CheckResponse answered = await PermittedAsync(ServingSample.Check);
        answered.Snapshot.Instant.Nanos = 0;
        int least = JsonFormatter.Default.Format(answered).Length;
        answered.Snapshot.Instant.Nanos = LongestNanos;
        return new LoadedCall("Check as JSON", new Uri(server.Http, CheckPath), body, "application/json", server.Key, (least, JsonFormatter.Default.Format(answered).Length));
    }

    private const string CheckPath = "/authzgraph.v1.Permissions/Check";

    private LoadedCall Grpc(string name, string path, byte[] body, (long, long) answerBytes) =>
        new(name, new Uri(server.Grpc, path), body, RpcMetadata.ContentType, server.Key, answerBytes);

    private async Task<CheckResponse> PermittedAsync(CheckRequest request)
    {
        CheckResponse answered = await server.Client.CheckAsync(request);
        return answered.Decision.Outcome == Outcome.Permitted ? answered : throw new InvalidOperationException($"not permitted: {request}");
    }

    private static (long, long) Lengths(CheckResponse answer) => Lengths(answer, answer.Snapshot);

    private static (long, long) Lengths(CheckBatchResponse answer) => Lengths(answer, answer.Snapshot);

    private static (long, long) Lengths(IMessage answer, Snapshot snapshot)
    {
        snapshot.Instant.Nanos = 0;
        int least = answer.CalculateSize();
        snapshot.Instant.Nanos = LongestNanos;
        return (RpcFrame.HeaderSize + least, RpcFrame.HeaderSize + answer.CalculateSize());
    }

    private static byte[] Framed(IMessage message)
    {
        var frame = new ArrayBufferWriter<byte>();
        RpcFrame.Write(frame, message);
        return frame.WrittenSpan.ToArray();
    }
}
