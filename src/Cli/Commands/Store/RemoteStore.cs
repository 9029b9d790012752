using System.Runtime.CompilerServices;
using System.Text.Json;
using AuthzGraph.Cli.Network;
using AuthzGraph.Client;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using Mode = AuthzGraph.Protocol.V1.ImportOptions.Types.Mode;
using Operation = AuthzGraph.Protocol.V1.RelationshipUpdate.Types.Operation;

namespace AuthzGraph.Cli.Commands.Store;

/// <summary>A server's store.</summary>
internal sealed class RemoteStore(AuthzGraphClient client) : IStoreAccess
{
    public async Task<StoredText?> ReadSchemaAsync(CancellationToken cancellation)
    {
        try
        {
            ReadSchemaResponse response = await client.ReadSchemaAsync(new ReadSchemaRequest(), cancellation);
            return new StoredText(response.Text, response.Snapshot.Revision, response.Snapshot.Token);
        }
        catch (AuthzGraphException refused) when (refused.Reason == "NO_SCHEMA")
        {
            return null;
        }
    }

    public async IAsyncEnumerable<RelationTuple> ExportAsync(string token, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ExportRelationshipsRequest request = new() { Consistency = new Consistency { AtExactSnapshot = token } };
        await foreach (ExportRelationshipsResponse page in client.ExportRelationshipsAsync(request, cancellation))
            foreach (Relationship relationship in page.Relationships) yield return Compact(WireText.Tuple(relationship));
    }

    public Task WriteSchemaAsync(string text, CancellationToken cancellation) => client.WriteSchemaAsync(new WriteSchemaRequest { Text = text }, cancellation);

    public async IAsyncEnumerable<LoadReceipt> ImportAsync(
        IAsyncEnumerable<RelationTuple> tuples, LoadOptions options, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ImportOptions first = new()
        {
            Mode = options.IsAtomic ? Mode.Atomic : Mode.Chunks, Operation = Operation.Touch, ChunkSize = options.Chunk, Id = options.Id,
        };
        await foreach (ImportRelationshipsResponse receipt in client.ImportRelationshipsAsync(ImportMessages.Of(tuples, first), cancellation))
            yield return new LoadReceipt((long)receipt.Imported, receipt.Revision, receipt.Token);
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>With its context as a store writes it.</summary>
    private static RelationTuple Compact(RelationTuple tuple)
    {
        if (tuple.Caveat is not { ContextJson: { } json } caveat) return tuple;
        using JsonDocument document = JsonDocument.Parse(json);
        return tuple with { Caveat = caveat with { ContextJson = JsonSerializer.Serialize(document.RootElement) } };
    }
}
