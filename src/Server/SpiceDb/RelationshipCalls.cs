using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Telemetry;
using AuthzGraph.Server.Wire;
using Progress = AuthzGraph.Protocol.Authzed.DeleteRelationshipsResponse.Types.DeletionProgress;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>The calls of authzed.api.v1.PermissionsService that read and write relationships.</summary>
internal sealed class RelationshipCalls(Limits limits)
{
    public static async ValueTask<WriteRelationshipsResponse> WriteAsync(WriteRelationshipsRequest request, RpcCall call)
    {
        WriteReceipt receipt = await call.Access.Graph.WriteAsync(new WriteRequest
        {
            Updates = [.. request.Updates.Select(SpiceDbWire.ToModel)],
            Preconditions = request.OptionalPreconditions.ToModel(),
            MetadataJson = Contexts.ToJson(request.OptionalTransactionMetadata),
            Right = call.Access.WriteRight,
        }, call.Cancellation);
        Spans.Note(receipt.Revision);
        return new WriteRelationshipsResponse { WrittenAt = SpiceDbWire.ToWire(receipt.Token) };
    }

    public static async ValueTask<DeleteRelationshipsResponse> DeleteAsync(DeleteRelationshipsRequest request, RpcCall call)
    {
        DeleteReceipt receipt = await call.Access.Graph.DeleteAsync(new DeleteRequest
        {
            Filter = request.RelationshipFilter.ToModel(),
            Preconditions = request.OptionalPreconditions.ToModel(),
            Limit = request.OptionalLimit.OrNull(),
            AllowPartial = request.OptionalAllowPartialDeletions,
            MetadataJson = Contexts.ToJson(request.OptionalTransactionMetadata),
            Right = call.Access.WriteRight,
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
        foreach (ExportPage page in Pages(call.Access.Graph, request.Consistency, filter, request.OptionalCursor, left))
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
        foreach (ExportPage page in Pages(call.Access.Graph, request.Consistency, filter, request.OptionalCursor, most))
        {
            if (page.Tuples.IsEmpty) continue;
            var response = new ExportBulkRelationshipsResponse { AfterResultCursor = SpiceDbWire.ToCursor(page.Cursor) };
            response.Relationships.AddRange(page.Tuples.Select(tuple => tuple.ToWire()));
            await output.WriteAsync(response);
        }
    }

    /// <summary>One transaction, whatever the stream's length up to the limit of those; refused when one of the relationships is there.</summary>
    public static async ValueTask<ImportBulkRelationshipsResponse> ImportAsync(RpcReader<ImportBulkRelationshipsRequest> input, RpcCall call)
    {
        var request = new ImportRequest { Mode = ImportMode.Atomic, Kind = UpdateKind.Create, Right = call.Access.WriteRight };
        long loaded = 0;
        await foreach (ImportReceipt receipt in call.Access.Graph.ImportAsync(TuplesOf(input), request, call.Cancellation)) loaded = receipt.Tuples;
        return new ImportBulkRelationshipsResponse { NumLoaded = (ulong)loaded };
    }

    private IEnumerable<ExportPage> Pages(AuthorizationGraph graph, Protocol.Authzed.Consistency? consistency, TupleFilter? filter, Cursor? cursor, long most) => graph.Export(new ExportRequest
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
