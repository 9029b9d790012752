using System.CommandLine;
using AuthzGraph.Cli.Network;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using Progress = AuthzGraph.Protocol.V1.DeleteRelationshipsResponse.Types.Progress;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>relationship delete --filter FILTER</c>: part by part until nothing matches.</summary>
internal static class FilterDeletion
{
    private const uint PerRequest = 10_000;

    public static async Task<int> RunAsync(Surroundings around, ParseResult parsed, string filter, CancellationToken cancellation)
    {
        DeleteRelationshipsRequest request = new() { Filter = FilterText.Parse(filter), Limit = PerRequest, AllowPartial = true };
        using AuthzGraphClient client = around.Connect(parsed);
        ulong sum = 0;
        while (true)
        {
            DeleteRelationshipsResponse deleted = await client.DeleteRelationshipsAsync(request, cancellation);
            sum += deleted.Deleted;
            if (deleted.Progress == Progress.Partial && !around.WantsJson(parsed)) around.Terminal.ErrorLine($"[grey]{sum} deleted so far[/]");
            if (deleted.Progress == Progress.Partial) continue;
            deleted.Deleted = sum;
            around.Print(parsed, deleted, () => WritePrinter.Print(around.Terminal, $"deleted {Counted(sum)}", deleted.Revision, deleted.Token));
            return ExitCode.Yes;
        }
    }

    private static string Counted(ulong count) => count == 1 ? "1 relationship" : $"{count} relationships";
}
