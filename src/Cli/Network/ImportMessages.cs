using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Network;

/// <summary>Relationships, of any number, as the messages of an import.</summary>
internal static class ImportMessages
{
    private const int PerMessage = 500;

    /// <summary>The messages; the first carries the options, the last may be without relationships.</summary>
    public static async IAsyncEnumerable<ImportRelationshipsRequest> Of(IAsyncEnumerable<RelationTuple> tuples, ImportOptions options)
    {
        var message = new ImportRelationshipsRequest { Options = options };
        await foreach (RelationTuple tuple in tuples)
        {
            message.Relationships.Add(WireText.Relationship(tuple));
            if (message.Relationships.Count < PerMessage) continue;
            yield return message;
            message = new ImportRelationshipsRequest();
        }
        yield return message;
    }
}
