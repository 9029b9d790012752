using System.Runtime.CompilerServices;
using AuthzGraph.Rpc;
using Google.Protobuf;

namespace AuthzGraph.Client;

/// <summary>Makes calls: again where that is safe, and at least as fresh as the session knows it to be.</summary>
/// <param name="session">Null: each call stands for itself.</param>
internal sealed class Caller(GrpcChannel channel, Retries retries, SessionTokens? session)
{
    public Caller WithSession() => new(channel, retries, new SessionTokens());

    public string? Token => session?.Token;

    public void Learn(string token, ulong revision) => session?.Learn(token, revision);

    /// <param name="isSafe">Whether it may be done twice.</param>
    public async Task<TResponse> UnaryAsync<TResponse>(string path, IMessage request, MessageParser<TResponse> parser, bool isSafe, CancellationToken cancellation)
        where TResponse : class, IMessage<TResponse>
    {
        IMessage sent = session?.Freshen(request) ?? request;
        long begun = retries.Begin();
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan pause;
            try
            {
                TResponse response = await WithinAsync(attempt == 1 ? null : retries.Left(begun), token => channel.UnaryAsync(path, sent, parser, token), cancellation);
                retries.Succeeded();
                session?.Learn(response);
                return response;
            }
            catch (AuthzGraphException refused) when (isSafe && retries.TryPlan(refused, attempt, begun, out pause)) { }
            await retries.WaitAsync(pause, cancellation);
        }
    }

    public async IAsyncEnumerable<TResponse> StreamAsync<TResponse>(
        string path, IMessage request, MessageParser<TResponse> parser, [EnumeratorCancellation] CancellationToken cancellation)
        where TResponse : class, IMessage<TResponse>
    {
        IMessage sent = session?.Freshen(request) ?? request;
        long begun = retries.Begin();
        bool isBegun = false;
        for (int attempt = 1; !isBegun; attempt++)
        {
            TimeSpan? pause = null;
            await using IAsyncEnumerator<TResponse> messages = channel.ServerStreamAsync(path, sent, parser, cancellation).GetAsyncEnumerator(cancellation);
            while (pause is null)
            {
                try
                {
                    if (!await messages.MoveNextAsync()) yield break;
                }
                catch (AuthzGraphException refused) when (!isBegun && TryPlan(refused, attempt, begun, out pause)) { continue; }
                if (!isBegun) retries.Succeeded();
                isBegun = true;
                session?.Learn(messages.Current);
                yield return messages.Current;
            }
            await retries.WaitAsync(pause.Value, cancellation);
        }
    }

    /// <summary>A stream each way is made once.</summary>
    public async IAsyncEnumerable<TResponse> DuplexAsync<TRequest, TResponse>(
        string path, IAsyncEnumerable<TRequest> requests, MessageParser<TResponse> parser, [EnumeratorCancellation] CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest> where TResponse : class, IMessage<TResponse>
    {
        await foreach (TResponse response in channel.DuplexAsync(path, requests, parser, cancellation))
        {
            session?.Learn(response);
            yield return response;
        }
    }

    private bool TryPlan(AuthzGraphException refused, int attempt, long begun, out TimeSpan? pause)
    {
        bool isPlanned = retries.TryPlan(refused, attempt, begun, out TimeSpan planned);
        pause = isPlanned ? planned : null;
        return isPlanned;
    }

    // the channel counts every attempt's deadline anew; all together have one
    private static async Task<T> WithinAsync<T>(TimeSpan? left, Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        if (left is not { } span) return await call(cancellation);
        using var expiry = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        expiry.CancelAfter(span > TimeSpan.Zero ? span : TimeSpan.Zero);
        try
        {
            return await call(expiry.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw AuthzGraphException.Of(new RpcStatus(RpcCode.DeadlineExceeded, "No answer within the deadline."));
        }
    }
}
