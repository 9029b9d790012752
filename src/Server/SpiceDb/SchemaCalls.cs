using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Changes;
using AuthzGraph.SchemaCompiler.Reflection;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Telemetry;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>authzed.api.v1.SchemaService.</summary>
internal sealed class SchemaCalls
{
    public RpcService Bind() => new RpcService(SchemaServiceReflection.Descriptor.Services[0], SpiceDbStatuses.Of)
        .Unary<ReadSchemaRequest, ReadSchemaResponse>("ReadSchema", Rights.Read, Read)
        .Unary<WriteSchemaRequest, WriteSchemaResponse>("WriteSchema", Rights.Schema, WriteAsync)
        .Unary<ReflectSchemaRequest, ReflectSchemaResponse>("ReflectSchema", Rights.Read, Reflect)
        .Unary<ComputablePermissionsRequest, ComputablePermissionsResponse>("ComputablePermissions", Rights.Read, ComputablePermissions)
        .Unary<DependentRelationsRequest, DependentRelationsResponse>("DependentRelations", Rights.Read, DependentRelations)
        .Unary<DiffSchemaRequest, DiffSchemaResponse>("DiffSchema", Rights.Schema, Diff);

    public ValueTask<ReadSchemaResponse> Read(ReadSchemaRequest request, RpcCall call)
    {
        Snapshot snapshot = call.Access.Graph.Snapshot(Graph.Consistency.Full);
        if (!snapshot.HasSchema) throw new RejectionException(RejectionCode.NotFound, "SCHEMA_NOT_FOUND", "no schema has been written; call WriteSchema first");
        return new(new ReadSchemaResponse { SchemaText = snapshot.Schema.Text, ReadAt = SpiceDbWire.ToWire(snapshot.Token) });
    }

    public async ValueTask<WriteSchemaResponse> WriteAsync(WriteSchemaRequest request, RpcCall call)
    {
        try
        {
            WriteReceipt receipt = await call.Access.Graph.WriteSchemaAsync(request.Schema, call.Cancellation);
            Spans.Note(receipt.Revision);
            return new WriteSchemaResponse { WrittenAt = SpiceDbWire.ToWire(receipt.Token) };
        }
        catch (RejectionException rejection) when (rejection.Reason == "SCHEMA_INVALID" && !IsUnreadable(Compilation.Of(request.Schema)))
        {
            throw new RejectionException(rejection.Code, SpiceDbStatuses.TypeError, rejection.Message) { Metadata = rejection.Metadata };
        }
    }

    public ValueTask<ReflectSchemaResponse> Reflect(ReflectSchemaRequest request, RpcCall call)
    {
        Snapshot snapshot = call.Access.Graph.Snapshot(request.Consistency);
        var filters = new ReflectionFilters(request.OptionalFilters);
        ReflectedSchema reflected = ReflectedSchema.Of(snapshot.Schema);
        var response = new ReflectSchemaResponse { ReadAt = SpiceDbWire.ToWire(snapshot.Token) };
        foreach (ReflectedDefinition definition in reflected.Definitions.Where(filters.Takes))
            response.Definitions.Add(Reflections.ToWire(definition, filters));
        response.Caveats.AddRange(reflected.Caveats.Where(filters.Takes).Select(Reflections.ToWire));
        return new(response);
    }

    public ValueTask<ComputablePermissionsResponse> ComputablePermissions(ComputablePermissionsRequest request, RpcCall call)
    {
        Snapshot snapshot = call.Access.Graph.Snapshot(request.Consistency);
        MemberId relation = Find(snapshot.Schema, request.DefinitionName, request.RelationName).Id;
        var response = new ComputablePermissionsResponse { ReadAt = SpiceDbWire.ToWire(snapshot.Token) };
        response.Permissions.AddRange(Dependencies.ComputablePermissions(snapshot.Schema, relation)
            .Where(member => member.Definition.StartsWith(request.OptionalDefinitionNameFilter, StringComparison.Ordinal)).Select(Reflections.ToWire));
        return new(response);
    }

    public ValueTask<DependentRelationsResponse> DependentRelations(DependentRelationsRequest request, RpcCall call)
    {
        Snapshot snapshot = call.Access.Graph.Snapshot(request.Consistency);
        if (Find(snapshot.Schema, request.DefinitionName, request.PermissionName) is not Permission permission)
            throw Rejection.Invalid("UNKNOWN_PERMISSION", $"`{request.PermissionName}` of `{request.DefinitionName}` is a relation, and nothing is computed for those");
        var response = new DependentRelationsResponse { ReadAt = SpiceDbWire.ToWire(snapshot.Token) };
        response.Relations.AddRange(Dependencies.DependentRelations(snapshot.Schema, permission.Id).Select(Reflections.ToWire));
        return new(response);
    }

    public ValueTask<DiffSchemaResponse> Diff(DiffSchemaRequest request, RpcCall call)
    {
        Snapshot snapshot = call.Access.Graph.Snapshot(request.Consistency);
        Compilation compilation = Compilation.Of(request.ComparisonSchema);
        CompiledSchema after = compilation.Schema ?? throw Rejection.Invalid(
            IsUnreadable(compilation) ? "SCHEMA_INVALID" : SpiceDbStatuses.TypeError,
            string.Join('\n', compilation.Diagnostics.Where(d => d.Severity == Severity.Error)));
        var diffs = new SchemaDiffWire(ReflectedSchema.Of(snapshot.Schema), ReflectedSchema.Of(after));
        var response = new DiffSchemaResponse { ReadAt = SpiceDbWire.ToWire(snapshot.Token) };
        response.Diffs.AddRange(SchemaDiff.Between(snapshot.Schema, after).Select(diffs.ToWire).OfType<ReflectionSchemaDiff>());
        return new(response);
    }

    // the codes of what is wrong with the text itself (docs/language.md): limits and reading
    private static bool IsUnreadable(Compilation compilation) => compilation.Diagnostics.Any(d =>
        d.Severity == Severity.Error && (d.Code.StartsWith("AZ00", StringComparison.Ordinal) || d.Code.StartsWith("AZ01", StringComparison.Ordinal)));

    private static Member Find(CompiledSchema schema, string definition, string member)
    {
        ObjectType type = schema.FindType(definition) ?? throw Rejection.Precondition("UNKNOWN_TYPE", $"the schema has no definition `{definition}`");
        return schema.FindMember(type.Id, member)
            ?? throw Rejection.Precondition("UNKNOWN_RELATION", $"definition `{definition}` has no relation or permission `{member}`");
    }
}
