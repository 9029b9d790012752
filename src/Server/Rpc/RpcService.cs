using AuthzGraph.Rpc;
using AuthzGraph.Server.Security;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace AuthzGraph.Server.Rpc;

internal delegate ValueTask<TResponse> UnaryHandler<TRequest, TResponse>(TRequest request, RpcCall call);

internal delegate ValueTask StreamHandler<TRequest, TResponse>(TRequest request, RpcWriter<TResponse> output, RpcCall call)
    where TResponse : class, IMessage<TResponse>;

internal delegate ValueTask<TResponse> UploadHandler<TRequest, TResponse>(RpcReader<TRequest> input, RpcCall call)
    where TRequest : class, IMessage<TRequest>;

internal delegate ValueTask DuplexHandler<TRequest, TResponse>(RpcReader<TRequest> input, RpcWriter<TResponse> output, RpcCall call)
    where TRequest : class, IMessage<TRequest> where TResponse : class, IMessage<TResponse>;

/// <summary>One method, ready to run.</summary>
/// <param name="Needs">The right its callers have to have; none: it is open to everybody.</param>
/// <param name="RunGrpc">Answers a gRPC exchange.</param>
/// <param name="RunConnect">Answers a Connect exchange, which holds one message.</param>
/// <param name="Translate">The status of an exception a handler threw, in the words of this interface; null: as everywhere.</param>
internal sealed record RpcMethod(
    string Path, Rights Needs, Func<IExchange, ValueTask> RunGrpc, Func<IExchange, ValueTask> RunConnect, Func<Exception, RpcStatus?>? Translate)
{
    /// <summary>As records have it: <c>authzgraph.v1.Permissions/Check</c>.</summary>
    public string Name { get; } = Path[1..];

    /// <summary>Whether it is one message each way; the others take as long as they take.</summary>
    public bool IsUnary { get; init; }
}

/// <summary>Binds handlers to the methods of one service, checked against its .proto when the server starts.</summary>
/// <param name="translate"><inheritdoc cref="RpcMethod" path="/param[@name='Translate']"/></param>
internal sealed class RpcService(ServiceDescriptor descriptor, Func<Exception, RpcStatus?>? translate = null)
{
    private readonly List<RpcMethod> _methods = [];

    public ServiceDescriptor Descriptor => descriptor;

    public string Name => descriptor.FullName;

    /// <summary>The methods; every one the .proto declares is there.</summary>
    public IReadOnlyList<RpcMethod> Methods
    {
        get
        {
            if (_methods.Count != descriptor.Methods.Count) throw new InvalidOperationException($"{Name} has methods without a handler.");
            return _methods;
        }
    }

    public RpcService Unary<TRequest, TResponse>(string name, Rights needs, UnaryHandler<TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>, new() where TResponse : class, IMessage<TResponse>, new()
    {
        MessageDescriptor input = Bind<TRequest, TResponse>(name, streamsIn: false, streamsOut: false);
        Func<IExchange, ValueTask> run = exchange => RunUnary(exchange, input, handler);
        return Add(name, needs, run, run);
    }

    /// <summary>The same without objects for the messages, of which there are many.</summary>
    public RpcService Unary<TRequest, TResponse>(string name, Rights needs, FieldsHandler handler)
        where TRequest : class, IMessage<TRequest>, new() where TResponse : class, IMessage<TResponse>, new()
    {
        MessageDescriptor input = Bind<TRequest, TResponse>(name, streamsIn: false, streamsOut: false);
        var method = new FieldsMethod(input, new TResponse().Descriptor, handler);
        Func<IExchange, ValueTask> run = exchange => exchange.AnswerAsync(method);
        return Add(name, needs, run, run);
    }

    /// <summary>A server stream.</summary>
    /// <param name="collected">The same in one message, for Connect; null: its callers are told to use gRPC.</param>
    public RpcService ServerStream<TRequest, TResponse>(
        string name, Rights needs, StreamHandler<TRequest, TResponse> handler, UnaryHandler<TRequest, TResponse>? collected = null)
        where TRequest : class, IMessage<TRequest>, new() where TResponse : class, IMessage<TResponse>, new()
    {
        MessageDescriptor input = Bind<TRequest, TResponse>(name, streamsIn: false, streamsOut: true);
        return Add(name, needs,
            exchange => RunStream(exchange, input, handler),
            exchange => collected is null ? throw StreamsOverConnect(name) : RunUnary(exchange, input, collected));
    }

    /// <summary>A client stream, which only gRPC carries.</summary>
    public RpcService ClientStream<TRequest, TResponse>(string name, Rights needs, UploadHandler<TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>, new() where TResponse : class, IMessage<TResponse>, new()
    {
        MessageDescriptor input = Bind<TRequest, TResponse>(name, streamsIn: true, streamsOut: false);
        return Add(name, needs,
            async exchange => exchange.Write(await handler(new RpcReader<TRequest>(exchange, input), exchange.Call)),
            _ => throw StreamsOverConnect(name));
    }

    /// <summary>A stream each way, which only gRPC carries.</summary>
    public RpcService Duplex<TRequest, TResponse>(string name, Rights needs, DuplexHandler<TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>, new() where TResponse : class, IMessage<TResponse>, new()
    {
        MessageDescriptor input = Bind<TRequest, TResponse>(name, streamsIn: true, streamsOut: true);
        return Add(name, needs,
            exchange => handler(new RpcReader<TRequest>(exchange, input), new RpcWriter<TResponse>(exchange), exchange.Call),
            _ => throw StreamsOverConnect(name));
    }

    private RpcService Add(string name, Rights needs, Func<IExchange, ValueTask> runGrpc, Func<IExchange, ValueTask> runConnect)
    {
        bool isUnary = descriptor.FindMethodByName(name) is { IsClientStreaming: false, IsServerStreaming: false };
        _methods.Add(new RpcMethod($"/{Name}/{name}", needs, runGrpc, runConnect, translate) { IsUnary = isUnary });
        return this;
    }

    private static async ValueTask RunUnary<TRequest, TResponse>(
        IExchange exchange, MessageDescriptor input, UnaryHandler<TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest> where TResponse : class, IMessage<TResponse>
    {
        TRequest request = await exchange.ReadAsync<TRequest>(input);
        exchange.Write(await handler(request, exchange.Call));
    }

    private static async ValueTask RunStream<TRequest, TResponse>(
        IExchange exchange, MessageDescriptor input, StreamHandler<TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest> where TResponse : class, IMessage<TResponse>
    {
        TRequest request = await exchange.ReadAsync<TRequest>(input);
        await handler(request, new RpcWriter<TResponse>(exchange), exchange.Call);
    }

    private static RpcException StreamsOverConnect(string name) =>
        new(RpcCode.Unimplemented, $"{name} is a stream, which only gRPC carries here; call it with gRPC.");

    private MessageDescriptor Bind<TRequest, TResponse>(string name, bool streamsIn, bool streamsOut)
        where TRequest : IMessage, new() where TResponse : IMessage, new()
    {
        MethodDescriptor method = descriptor.FindMethodByName(name) ?? throw new InvalidOperationException($"{Name} has no method {name}.");
        MessageDescriptor input = new TRequest().Descriptor;
        bool fits = Serves(input, method.InputType) && Serves(new TResponse().Descriptor, method.OutputType)
            && method.IsClientStreaming == streamsIn && method.IsServerStreaming == streamsOut;
        return fits ? input : throw new InvalidOperationException($"The handler of {method.FullName} does not fit its declaration.");
    }

    /// <summary>Whether one message can stand for another on the wire: it is the same, or has all its fields, and those that it has more are never seen.</summary>
    private static bool Serves(MessageDescriptor message, MessageDescriptor declared) =>
        message == declared || declared.Fields.InDeclarationOrder().All(field => message.FindFieldByNumber(field.FieldNumber) is { } same
            && same.Name == field.Name && same.FieldType == field.FieldType && same.IsRepeated == field.IsRepeated && same.IsMap == field.IsMap
            && (field.FieldType != FieldType.Message || Serves(same.MessageType, field.MessageType))
            && (field.FieldType != FieldType.Enum || same.EnumType == field.EnumType));
}

/// <summary>The messages a client streams in.</summary>
internal sealed class RpcReader<T>(IExchange exchange, MessageDescriptor type) where T : class, IMessage<T>
{
    /// <summary>The next message; null at the end of the stream. Waits while the client is slow.</summary>
    public async ValueTask<T?> ReadAsync()
    {
        T? message = await exchange.ReadNextAsync<T>(type);
        exchange.Call.RequireStanding();
        return message;
    }
}

/// <summary>The messages a server streams out.</summary>
internal sealed class RpcWriter<T>(IExchange exchange) where T : class, IMessage<T>
{
    /// <summary>Sends messages as they come, and waits while the client is slow.</summary>
    public async ValueTask WriteAllAsync(IEnumerable<T> messages)
    {
        foreach (T message in messages) await WriteAsync(message);
    }

    /// <inheritdoc cref="WriteAllAsync(IEnumerable{T})"/>
    public async ValueTask WriteAllAsync(IAsyncEnumerable<T> messages)
    {
        await foreach (T message in messages) await WriteAsync(message);
    }

    /// <summary>Sends a message, and waits while the client is slow.</summary>
    public async ValueTask WriteAsync(T message)
    {
        exchange.Call.Cancellation.ThrowIfCancellationRequested();
        exchange.Call.RequireStanding();
        exchange.Write(message);
        await exchange.FlushAsync();
    }
}
