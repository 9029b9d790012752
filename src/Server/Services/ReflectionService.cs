using AuthzGraph.Protocol.GrpcReflection;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using Google.Protobuf.Reflection;
using Asked = AuthzGraph.Protocol.GrpcReflection.ServerReflectionRequest.MessageRequestOneofCase;
using Alpha = AuthzGraph.Protocol.GrpcReflectionAlpha;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace AuthzGraph.Server.Services;

/// <summary>grpc.reflection.v1 and, for older tools, v1alpha: what the services offered are and what their messages look like.</summary>
internal sealed class ReflectionService
{
    private const string Method = "ServerReflectionInfo";

    private readonly SortedSet<string> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _fileOfSymbol = new(StringComparer.Ordinal);

    /// <param name="offered">The services besides reflection itself.</param>
    public ReflectionService(IEnumerable<RpcService> offered)
    {
        ServiceDescriptor[] own = [ReflectionReflection.Descriptor.Services[0], Alpha.ReflectionReflection.Descriptor.Services[0]];
        foreach (ServiceDescriptor service in offered.Select(s => s.Descriptor).Concat(own))
        {
            _services.Add(service.FullName);
            Add(service.File);
        }
    }

    // the messages of the two versions have the same fields
    public IEnumerable<RpcService> Bind() =>
    [
        new RpcService(ReflectionReflection.Descriptor.Services[0]).Duplex<ServerReflectionRequest, ServerReflectionResponse>(Method, Rights.None, AnswerAsync),
        new RpcService(Alpha.ReflectionReflection.Descriptor.Services[0]).Duplex<ServerReflectionRequest, ServerReflectionResponse>(Method, Rights.None, AnswerAsync),
    ];

    private async ValueTask AnswerAsync(RpcReader<ServerReflectionRequest> input, RpcWriter<ServerReflectionResponse> output, RpcCall call)
    {
        while (await input.ReadAsync() is { } request)
        {
            ServerReflectionResponse response = Answer(request);
            response.ValidHost = request.Host;
            response.OriginalRequest = request;
            await output.WriteAsync(response);
        }
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request) => request.MessageRequestCase switch
    {
        Asked.ListServices => new() { ListServicesResponse = new ListServiceResponse { Service = { _services.Select(name => new ServiceResponse { Name = name }) } } },
        Asked.FileByFilename => File(_files.GetValueOrDefault(request.FileByFilename), request.FileByFilename),
        Asked.FileContainingSymbol => File(_fileOfSymbol.GetValueOrDefault(request.FileContainingSymbol), request.FileContainingSymbol),
        Asked.FileContainingExtension => Error(RpcCode.NotFound, "nothing here has extensions"),
        Asked.AllExtensionNumbersOfType => new() { AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType } },
        _ => Error(RpcCode.InvalidArgument, "the request asks for nothing"),
    };

    private static ServerReflectionResponse File(FileDescriptor? file, string asked)
    {
        if (file is null) return Error(RpcCode.NotFound, $"there is no {asked} here");
        var response = new FileDescriptorResponse();
        var seen = new HashSet<FileDescriptor>();
        AddWithImports(file);
        return new ServerReflectionResponse { FileDescriptorResponse = response };

        void AddWithImports(FileDescriptor one)
        {
            if (!seen.Add(one)) return;
            response.FileDescriptorProto.Add(one.SerializedData);
            foreach (FileDescriptor imported in one.Dependencies) AddWithImports(imported);
        }
    }

    private static ServerReflectionResponse Error(RpcCode code, string message) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };

    private void Add(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file)) return;
        foreach (FileDescriptor imported in file.Dependencies) Add(imported);
        foreach (EnumDescriptor type in file.EnumTypes) _fileOfSymbol[type.FullName] = file;
        foreach (MessageDescriptor message in file.MessageTypes) Add(message, file);
        foreach (ServiceDescriptor service in file.Services)
        {
            _fileOfSymbol[service.FullName] = file;
            foreach (MethodDescriptor method in service.Methods) _fileOfSymbol[method.FullName] = file;
        }
    }

    private void Add(MessageDescriptor message, FileDescriptor file)
    {
        _fileOfSymbol[message.FullName] = file;
        foreach (EnumDescriptor type in message.EnumTypes) _fileOfSymbol[type.FullName] = file;
        foreach (MessageDescriptor nested in message.NestedTypes) Add(nested, file);
    }
}
