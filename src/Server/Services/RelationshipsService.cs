using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Wire;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using Snapshot = AuthzGraph.Graph.Snapshot;

namespace AuthzGraph.Server.Services;

/// <summary>authzgraph.v1.Relationships.</summary>
internal sealed class RelationshipsService(AuthorizationGraph graph, Limits limits)
{
    private static ServiceDescriptor Descriptor => RelationshipsReflection.Descriptor.Services[0];

    public RpcService Bind() => new RpcService(Descriptor)
        .Unary<WriteRelationshipsRequest, WriteRelationshipsResponse>("Write", WriteAsync)
        .ServerStream<ReadRelationshipsRequest, ReadRelationshipsResponse>("Read", ReadAsync, collected: ReadOnce);

    private async ValueTask<WriteRelationshipsResponse> WriteAsync(WriteRelationshipsRequest request, RpcCall call)
    {
        WriteReceipt receipt = await graph.WriteAsync(request.ToModel(), call.Cancellation);
        return new WriteRelationshipsResponse
        {
            Token = receipt.Token,
            Revision = receipt.Revision.Value,
            CommittedAt = Times.ToWire(receipt.CommittedAt),
        };
    }

    private async ValueTask ReadAsync(ReadRelationshipsRequest request, RpcWriter<ReadRelationshipsResponse> output, RpcCall call)
    {
        uint limit = request.Limit == 0 ? uint.MaxValue : request.Limit;
        foreach (ReadRelationshipsResponse page in Pages(request, limit, limits.TuplesPerMessage))
            await output.WriteAsync(page);
    }

    private ValueTask<ReadRelationshipsResponse> ReadOnce(ReadRelationshipsRequest request, RpcCall call)
    {
        int most = limits.TuplesPerJsonRead;
        int limit = request.Limit == 0 ? most : (int)Math.Min(request.Limit, (uint)most);
        return new(Pages(request, (uint)limit, limit).Single());
    }

    /// <summary>At least one page. A page is handed out when the next tuple is there, so that the last one knows whether there are more.</summary>
    private IEnumerable<ReadRelationshipsResponse> Pages(ReadRelationshipsRequest request, uint limit, int pageSize)
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
