using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Telemetry;
using AuthzGraph.Server.Wire;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using Snapshot = AuthzGraph.Graph.Snapshot;

namespace AuthzGraph.Server.Services;

/// <summary>authzgraph.v1.Relationships.</summary>
internal sealed class RelationshipsService(Limits limits)
{
    private static ServiceDescriptor Descriptor => RelationshipsReflection.Descriptor.Services[0];

    public RpcService Bind() => new RpcService(Descriptor)
        .Unary<WriteRelationshipsRequest, WriteRelationshipsResponse>("Write", Rights.Write, WriteAsync)
        .ServerStream<ReadRelationshipsRequest, ReadRelationshipsResponse>("Read", Rights.Read, ReadAsync, collected: ReadOnce)
        .Unary<DeleteRelationshipsRequest, DeleteRelationshipsResponse>("Delete", Rights.Write, DeleteAsync)
        .Duplex<ImportRelationshipsRequest, ImportRelationshipsResponse>("Import", Rights.Write, ImportAsync)
        .ServerStream<ExportRelationshipsRequest, ExportRelationshipsResponse>("Export", Rights.Export, ExportAsync, collected: ExportOnce)
        .ServerStream<WatchRelationshipsRequest, WatchRelationshipsResponse>("Watch", Rights.Read, WatchAsync);

    private async ValueTask<WriteRelationshipsResponse> WriteAsync(WriteRelationshipsRequest request, RpcCall call)
    {
        WriteReceipt receipt = await call.Access.Graph.WriteAsync(request.ToModel(call.Access), call.Cancellation);
        Spans.Note(receipt.Revision);
        return new WriteRelationshipsResponse
        {
            Token = receipt.Token,
            Revision = receipt.Revision.Value,
            CommittedAt = Times.ToWire(receipt.CommittedAt),
        };
    }

    private async ValueTask<DeleteRelationshipsResponse> DeleteAsync(DeleteRelationshipsRequest request, RpcCall call) =>
        (await call.Access.Graph.DeleteAsync(request.ToModel(call.Access), call.Cancellation)).ToWire();

    private async ValueTask ImportAsync(RpcReader<ImportRelationshipsRequest> input, RpcWriter<ImportRelationshipsResponse> output, RpcCall call)
    {
        if (await input.ReadAsync() is not { } first) return;
        IAsyncEnumerable<ImportReceipt> receipts = call.Access.Graph.ImportAsync(TuplesOf(first, input), first.Options.ToModel(call.Access), call.Cancellation);
        await output.WriteAllAsync(receipts.Select(receipt => receipt.ToWire()));
    }

    private static async IAsyncEnumerable<RelationTuple> TuplesOf(ImportRelationshipsRequest first, RpcReader<ImportRelationshipsRequest> input)
    {
        for (ImportRelationshipsRequest? message = first; message is not null; message = await input.ReadAsync())
            foreach (Relationship relationship in message.Relationships) yield return relationship.ToModel();
    }

    private ValueTask ExportAsync(ExportRelationshipsRequest request, RpcWriter<ExportRelationshipsResponse> output, RpcCall call) =>
        output.WriteAllAsync(call.Access.Graph.Export(request.ToModel(limits.TuplesPerMessage)).Select(page => page.ToWire()));

    private ValueTask<ExportRelationshipsResponse> ExportOnce(ExportRelationshipsRequest request, RpcCall call) =>
        new(call.Access.Graph.Export(request.ToModel(limits.TuplesPerJsonRead)).First().ToWire());

    private async ValueTask WatchAsync(WatchRelationshipsRequest request, RpcWriter<WatchRelationshipsResponse> output, RpcCall call)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, call.Draining);
        await output.WriteAllAsync(call.Access.Graph.WatchAsync(request.ToModel(), ends.Token).Select(told => told.ToWire()));
    }

    private ValueTask ReadAsync(ReadRelationshipsRequest request, RpcWriter<ReadRelationshipsResponse> output, RpcCall call)
    {
        uint limit = request.Limit == 0 ? uint.MaxValue : request.Limit;
        return output.WriteAllAsync(Pages(call.Access.Graph, request, limit, limits.TuplesPerMessage));
    }

    private ValueTask<ReadRelationshipsResponse> ReadOnce(ReadRelationshipsRequest request, RpcCall call)
    {
        int most = limits.TuplesPerJsonRead;
        int limit = request.Limit == 0 ? most : (int)Math.Min(request.Limit, (uint)most);
        return new(Pages(call.Access.Graph, request, (uint)limit, limit).Single());
    }

    /// <summary>At least one page. A page is handed out when the next tuple is there, so that the last one knows whether there are more.</summary>
    private static IEnumerable<ReadRelationshipsResponse> Pages(AuthorizationGraph graph, ReadRelationshipsRequest request, uint limit, int pageSize)
    {
        Snapshot snapshot = graph.Snapshot(request.Consistency.ToModel());
        var page = new ReadRelationshipsResponse { Snapshot = snapshot.ToWire() };
        uint left = limit;
        foreach (RelationTuple tuple in snapshot.Read(request.Filter.ToModel()))
        {
            if (left-- == 0)
            {
                page.More = true;
                break;
            }
            if (page.Relationships.Count == pageSize)
            {
                yield return page;
                page = new ReadRelationshipsResponse();
            }
            page.Relationships.Add(tuple.ToWire());
        }
        yield return page;
    }
}
