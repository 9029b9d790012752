using System.Text;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Wire;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using Snapshot = AuthzGraph.Graph.Snapshot;

namespace AuthzGraph.Server.Services;

/// <summary>authzgraph.v1.Schema.</summary>
internal sealed class SchemaService(AuthorizationGraph graph, Limits limits)
{
    private static ServiceDescriptor Descriptor => SchemaReflection.Descriptor.Services[0];

    public RpcService Bind() => new RpcService(Descriptor)
        .Unary<WriteSchemaRequest, WriteSchemaResponse>("Write", WriteAsync)
        .Unary<ReadSchemaRequest, ReadSchemaResponse>("Read", Read)
        .Unary<ValidateSchemaRequest, ValidateSchemaResponse>("Validate", Validate);

    private async ValueTask<WriteSchemaResponse> WriteAsync(WriteSchemaRequest request, RpcCall call)
    {
        WriteReceipt receipt = await graph.WriteSchemaAsync(request.Text, call.Cancellation);
        return new WriteSchemaResponse
        {
            Token = receipt.Token,
            Revision = receipt.Revision.Value,
            CommittedAt = Times.ToWire(receipt.CommittedAt),
        };
    }

    private ValueTask<ReadSchemaResponse> Read(ReadSchemaRequest request, RpcCall call)
    {
        Snapshot snapshot = graph.Snapshot(request.Consistency.ToModel());
        return new(new ReadSchemaResponse { Text = snapshot.Schema.Text, Snapshot = snapshot.ToWire() });
    }

    private ValueTask<ValidateSchemaResponse> Validate(ValidateSchemaRequest request, RpcCall call)
    {
        if (Encoding.UTF8.GetByteCount(request.Text) > limits.SchemaBytes)
            throw Rejection.Invalid("SCHEMA_TOO_LARGE", $"a schema has at most {limits.SchemaBytes} bytes");
        Compilation compilation = Compilation.Of(request.Text);
        var response = new ValidateSchemaResponse { Valid = compilation.Schema is not null };
        response.Diagnostics.AddRange(compilation.Diagnostics.Select(Answers.ToWire));
        return new(response);
    }
}
