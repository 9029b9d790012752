using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Importing;

/// <summary>Imports of text, one tuple a line.</summary>
internal static class Imports
{
    public static Task<List<ImportReceipt>> ImportAsync(this Scenario scenario, ImportRequest request, params string[] lines) =>
        scenario.Graph.ImportAsync(request, lines);

    public static async Task<List<ImportReceipt>> ImportAsync(this AuthorizationGraph graph, ImportRequest request, string[] lines, List<ImportReceipt>? receipts = null)
    {
        receipts ??= [];
        await foreach (ImportReceipt receipt in graph.ImportAsync(Stream(lines), request)) receipts.Add(receipt);
        return receipts;
    }

    public static async IAsyncEnumerable<RelationTuple> Stream(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            await Task.Yield();
            yield return RelationTuple.Parse(line);
        }
    }
}
