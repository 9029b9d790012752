using System.Runtime.CompilerServices;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;

namespace AuthzGraph.Client;

/// <summary>Any number of relationships in and out.</summary>
public static class Bulk
{
    private const int PerMessage = 500;

    /// <summary>Sends relationships as they come and gives a receipt for each commit. With an id in its options it may be begun anew after it broke off.</summary>
    public static IAsyncEnumerable<ImportRelationshipsResponse> ImportAsync(
        this AuthzGraphClient client, IAsyncEnumerable<Relationship> relationships, ImportOptions? options = null, CancellationToken cancellation = default) =>
        client.ImportRelationshipsAsync(MessagesOf(relationships, options ?? new ImportOptions()), cancellation);

    /// <summary>
    /// Every relationship of one snapshot that matches, each once. A connection that breaks is taken up again behind the last that came, at the same snapshot.
    /// </summary>
    public static async IAsyncEnumerable<Relationship> ExportAsync(
        this AuthzGraphClient client, RelationshipFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var request = new ExportRelationshipsRequest { Filter = filter };
        bool isLast = false;
        while (!isLast)
        {
            await using IAsyncEnumerator<ExportRelationshipsResponse> pages = client.ExportRelationshipsAsync(request, cancellation).GetAsyncEnumerator(cancellation);
            while (await MovesNextAsync(pages, request.Cursor.Length > 0))
            {
                foreach (Relationship relationship in pages.Current.Relationships) yield return relationship;
                bool isNew = request.Cursor != pages.Current.Cursor;
                (request.Cursor, isLast) = (pages.Current.Cursor, pages.Current.Last || !isNew);
            }
        }
    }

    // false where the connection broke behind a page: then the next stream goes on there
    private static async ValueTask<bool> MovesNextAsync(IAsyncEnumerator<ExportRelationshipsResponse> pages, bool isBegun)
    {
        try
        {
            return await pages.MoveNextAsync();
        }
        catch (AuthzGraphException broken) when (isBegun && broken.Code == RpcCode.Unavailable && pages.Current is not null)
        {
            return false;
        }
    }

    private static async IAsyncEnumerable<ImportRelationshipsRequest> MessagesOf(IAsyncEnumerable<Relationship> relationships, ImportOptions options)
    {
        var message = new ImportRelationshipsRequest { Options = options };
        await foreach (Relationship relationship in relationships)
        {
            message.Relationships.Add(relationship);
            if (message.Relationships.Count < PerMessage) continue;
            yield return message;
            message = new ImportRelationshipsRequest();
        }
        yield return message;
    }
}
