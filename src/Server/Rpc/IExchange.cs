using AuthzGraph.Rpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AuthzGraph.Server.Rpc;

/// <summary>One request and its answer in the form the client chose: gRPC's frames or Connect's bodies.</summary>
internal interface IExchange
{
    RpcCall Call { get; }

    /// <summary>The one message of the request.</summary>
    /// <exception cref="RpcException">It is malformed, too large, or not alone.</exception>
    ValueTask<T> ReadAsync<T>(MessageDescriptor type) where T : class, IMessage<T>;

    /// <summary>Has the request's one message answered where it lies.</summary>
    /// <exception cref="RpcException">It is malformed, too large, or not alone.</exception>
    ValueTask AnswerAsync(FieldsMethod method);

    /// <summary>The next message of a request that is a stream; null at its end.</summary>
    /// <exception cref="RpcException">It is malformed or too large, or this form has no streams.</exception>
    ValueTask<T?> ReadNextAsync<T>(MessageDescriptor type) where T : class, IMessage<T>;

    /// <summary>Adds a message to the answer without waiting for it to be sent.</summary>
    void Write(IMessage message);

    /// <summary>Sends what was written, and waits while the client is slow.</summary>
    ValueTask FlushAsync();

    /// <summary>Says how the call ended. The last thing that happens.</summary>
    ValueTask FinishAsync(RpcStatus status);
}
