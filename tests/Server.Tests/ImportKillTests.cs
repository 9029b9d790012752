using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Xunit.Abstractions;

namespace AuthzGraph.Server.Tests;

public sealed class ImportKillTests(ITestOutputHelper output)
{
    private const int Tuples = 20_000;

    [Fact]
    public async Task An_import_that_kill_9_broke_off_is_done_again_under_its_name_and_nothing_is_lost_or_refused()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string[] tuples = [.. Enumerable.Range(0, Tuples).Select(i => $"document:d{i}#owner@user:u{i % 100}")];
        ImportOptions options = new() { ChunkSize = 50, Id = "monday", Operation = RelationshipUpdate.Types.Operation.Create };
        using var data = new TemporaryDirectory();
        ulong written = 0;
        for (int round = 0; round < 3; round++)
        {
            using ServerProcess server = await ServerProcess.StartAsync("--data", data.Path);
            if (round == 0) await server.Client.WriteSchemaAsync(new() { Text = TestServer.Schema });
            ulong there = await CountAsync(server);
            Assert.True(there >= written, $"{written} were acknowledged, {there} are there");
            Assert.Equal(0ul, there % options.ChunkSize);
            int chunks = random.Next(20, 120);
            ulong heard = 0;
            try
            {
                await foreach (ImportRelationshipsResponse receipt in server.Client.ImportRelationshipsAsync(Imports.Requests(options, tuples, 200)))
                {
                    heard = receipt.Imported;
                    if (chunks-- == 0) server.Kill();
                }
            }
            catch (AuthzGraphException e) when (e.Code == RpcCode.Unavailable)
            {
            }
            written = Math.Max(written, heard);
            output.WriteLine($"round {round}: {written} acknowledged");
        }
        using ServerProcess last = await ServerProcess.StartAsync("--data", data.Path);
        List<ImportRelationshipsResponse> receipts = await last.Client.ImportRelationshipsAsync(Imports.Requests(options, tuples, 200)).ToListAsync();
        Assert.Equal((ulong)Tuples, receipts[^1].Imported);
        Assert.Equal((ulong)Tuples, await CountAsync(last));
    }

    private static async Task<ulong> CountAsync(ServerProcess server)
    {
        ulong count = 0;
        await foreach (ExportRelationshipsResponse page in server.Client.ExportRelationshipsAsync(new() { Filter = new() { ResourceType = "document" } }))
            count += (ulong)page.Relationships.Count;
        return count;
    }
}
