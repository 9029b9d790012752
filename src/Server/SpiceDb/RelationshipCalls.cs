using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Wire;
using Progress = AuthzGraph.Protocol.Authzed.DeleteRelationshipsResponse.Types.DeletionProgress;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>The calls of authzed.api.v1.PermissionsService that read and write relationships.</summary>
internal sealed class RelationshipCalls(AuthorizationGraph graph, Limits limits)
{
    public async ValueTask<WriteRelationshipsResponse> WriteAsync(WriteRelationshipsRequest request, RpcCall call)
    {
        WriteReceipt receipt = await graph.WriteAsync(new WriteRequest
        {
            Updates = [.. request.Updates.Select(SpiceDbWire.ToModel)],
            Preconditions = request.OptionalPreconditions.ToModel(),
            MetadataJson = Contexts.ToJson(request.OptionalTransactionMetadata),
            Right = WriteRight.Authority,   // as for our own interface
        }, call.Cancellation);
        return new WriteRelationshipsResponse { WrittenAt = SpiceDbWire.ToWire(receipt.Token) };
    }

    public async ValueTask<DeleteRelationshipsResponse> DeleteAsync(DeleteRelationshipsRequest request, RpcCall call)
    {
        DeleteReceipt receipt = await graph.DeleteAsync(new DeleteRequest
        {
            Filter = request.RelationshipFilter.ToModel(),
            Preconditions = request.OptionalPreconditions.ToModel(),
            Limit = request.OptionalLimit == 0 ? null : (int)Math.Min(request.OptionalLimit, int.MaxValue),
            AllowPartial = request.OptionalAllowPartialDeletions,
            MetadataJson = Contexts.ToJson(request.OptionalTransactionMetadata),
            Right = WriteRight.Authority,
        }, call.Cancellation);
        return new DeleteRelationshipsResponse
        {
            DeletedAt = SpiceDbWire.ToWire(receipt.Written.Token),
            DeletionProgress = receipt.IsComplete ? Progress.Complete : Progress.Partial,
            RelationshipsDeletedCount = (ulong)receipt.Deleted,
        };
    }

    public async ValueTask ReadAsync(ReadRelationshipsRequest request, RpcWriter<ReadRelationshipsResponse> output, RpcCall call)
    {
        long left = request.OptionalLimit == 0 ? long.MaxValue : request.OptionalLimit;
        TupleFilter filter = request.RelationshipFilter.ToModel();
        foreach (ExportPage page in Pages(request.Consistency, filter, request.OptionalCursor, left))
            for (int i = 0; i < page.Tuples.Length && left > 0; i++, left--)
                await output.WriteAsync(new ReadRelationshipsResponse
                {
                    ReadAt = SpiceDbWire.ToWire(page.Snapshot.Token),
                    Relationship = page.Tuples[i].ToWire(),
                    AfterResultCursor = SpiceDbWire.ToCursor(page.CursorAfter(i)),
                });
    }

    public async ValueTask ExportAsync(ExportBulkRelationshipsRequest request, RpcWriter<ExportBulkRelationshipsResponse> output, RpcCall call)
    {
        long most = request.OptionalLimit == 0 ? limits.TuplesPerMessage : request.OptionalLimit;
        TupleFilter? filter = request.OptionalRelationshipFilter?.ToModel();
        foreach (ExportPage page in Pages(request.Consistency, filter, request.OptionalCursor, most))
        {
            if (page.Tuples.IsEmpty) continue;
            var response = new ExportBulkRelationshipsResponse { AfterResultCursor = SpiceDbWire.ToCursor(page.Cursor) };
            response.Relationships.AddRange(page.Tuples.Select(tuple => tuple.ToWire()));
            await output.WriteAsync(response);
        }
    }

    /// <summary>One transaction, whatever the stream's length up to the limit of those; refused when one of the relationships is there.</summary>
    public async ValueTask<ImportBulkRelationshipsResponse> ImportAsync(RpcReader<ImportBulkRelationshipsRequest> input, RpcCall call)
    {
        var request = new ImportRequest { Mode = ImportMode.Atomic, Kind = UpdateKind.Create, Right = WriteRight.Authority };
        long loaded = 0;
        await foreach (ImportReceipt receipt in graph.ImportAsync(TuplesOf(input), request, call.Cancellation)) loaded = receipt.Tuples;
        return new ImportBulkRelationshipsResponse { NumLoaded = (ulong)loaded };
    }

    private IEnumerable<ExportPage> Pages(Protocol.Authzed.Consistency? consistency, TupleFilter? filter, Cursor? cursor, long most) => graph.Export(new ExportRequest
    {
        Consistency = cursor is null ? new Graph.Consistency.AtExactSnapshot(graph.Snapshot(consistency).Token) : null,
        Filter = filter,
        Cursor = cursor.ToModel(),
        PageSize = (int)Math.Min(most, limits.TuplesPerMessage),
    });

    private static async IAsyncEnumerable<RelationTuple> TuplesOf(RpcReader<ImportBulkRelationshipsRequest> input)
    {
        while (await input.ReadAsync() is { } message)
            foreach (Relationship relationship in message.Relationships) yield return relationship.ToModel();
    }
}
