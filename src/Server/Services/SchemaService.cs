using System.Text;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Reflection;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Telemetry;
using AuthzGraph.Server.Wire;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using Snapshot = AuthzGraph.Graph.Snapshot;

namespace AuthzGraph.Server.Services;

/// <summary>authzgraph.v1.Schema.</summary>
internal sealed class SchemaService(Limits limits)
{
    private static ServiceDescriptor Descriptor => SchemaReflection.Descriptor.Services[0];

    public RpcService Bind() => new RpcService(Descriptor)
        .Unary<WriteSchemaRequest, WriteSchemaResponse>("Write", Rights.Schema, WriteAsync)
        .Unary<ReadSchemaRequest, ReadSchemaResponse>("Read", Rights.Read, Read)
        .Unary<ValidateSchemaRequest, ValidateSchemaResponse>("Validate", Rights.Schema, Validate)
        .Unary<DiffSchemaRequest, DiffSchemaResponse>("Diff", Rights.Schema, DiffAsync)
        .Unary<ReflectSchemaRequest, ReflectSchemaResponse>("Reflect", Rights.Read, Reflect);

    private async ValueTask<WriteSchemaResponse> WriteAsync(WriteSchemaRequest request, RpcCall call)
    {
        WriteReceipt receipt = await call.Access.Graph.WriteSchemaAsync(request.Text, call.Cancellation);
        Spans.Note(receipt.Revision);
        return new WriteSchemaResponse
        {
            Token = receipt.Token,
            Revision = receipt.Revision.Value,
            CommittedAt = Times.ToWire(receipt.CommittedAt),
        };
    }

    private ValueTask<ReadSchemaResponse> Read(ReadSchemaRequest request, RpcCall call)
    {
        Snapshot snapshot = call.Access.Graph.Snapshot(request.Consistency.ToModel());
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

    private async ValueTask<DiffSchemaResponse> DiffAsync(DiffSchemaRequest request, RpcCall call) =>
        (await call.Access.Graph.CheckSchemaAsync(request.Text, call.Cancellation)).ToWire();

    private ValueTask<ReflectSchemaResponse> Reflect(ReflectSchemaRequest request, RpcCall call)
    {
        Snapshot snapshot = call.Access.Graph.Snapshot(request.Consistency.ToModel());
        CompiledSchema schema = snapshot.Schema;
        ObjectType? only = request.Definition.Length == 0 ? null : schema.FindType(request.Definition) ?? throw UnknownType(request.Definition);
        ReflectSchemaResponse response = new() { Snapshot = snapshot.ToWire() };
        ReflectedSchema reflected = ReflectedSchema.Of(schema);
        response.Definitions.AddRange(reflected.Definitions.Where(d => only is null || d.Name == only.Name).Select(Schemas.ToWire));
        response.Caveats.AddRange(reflected.Caveats.Where(c => only is null || c.UsedBy.Any(r => r.Definition == only.Name)).Select(Schemas.ToWire));
        if (request.Member.Length == 0) return new(response);
        if (only is null) throw Rejection.Invalid("MISSING_FIELD", "`member` needs `definition`: name the definition it is in");
        Member member = schema.FindMember(only.Id, request.Member) ?? throw UnknownMember(only.Name, request.Member);
        response.ComputablePermissions.AddRange(Dependencies.ComputablePermissions(schema, member.Id).Select(Schemas.ToWire));
        response.DependentRelations.AddRange(Dependencies.DependentRelations(schema, member.Id).Select(Schemas.ToWire));
        return new(response);
    }

    private static RejectionException UnknownType(string name) =>
        Rejection.Precondition("UNKNOWN_TYPE", $"the schema has no definition `{name}`");

    private static RejectionException UnknownMember(string type, string name) =>
        Rejection.Precondition("UNKNOWN_RELATION", $"definition `{type}` has no relation or permission `{name}`");
}
