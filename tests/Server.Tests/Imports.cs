using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Server.Tests;

internal static class Imports
{
    /// <summary>The messages of an import, a few relationships in each.</summary>
    public static async IAsyncEnumerable<ImportRelationshipsRequest> Requests(ImportOptions options, string[] tuples, int perMessage = 7)
    {
        bool first = true;
        foreach (string[] part in tuples.Chunk(perMessage))
        {
            await Task.Yield();
            yield return new ImportRelationshipsRequest { Options = first ? options : null, Relationships = { part.Select(Words.Relationship) } };
            first = false;
        }
    }
}
