using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Xunit.Abstractions;
using ServingStatus = AuthzGraph.Protocol.GrpcHealth.HealthCheckResponse.Types.ServingStatus;

namespace AuthzGraph.Server.Tests;

/// <summary>A real server on a real file system that fills up.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const int TuplesPerWrite = 1_000;
    private static readonly string Long = new('x', 900);

    [Fact]
    public async Task A_full_disk_stops_writes_loses_nothing_and_is_forgotten_after_a_restart_with_more_room()
    {
        using SmallFileSystem? disk = SmallFileSystem.TryMake(40);
        if (disk is null)
        {
            output.WriteLine("SKIPPED: this process may not mount a file system");
            return;
        }
        string data = System.IO.Path.Combine(disk.Path, "store");
        int acknowledged;
        using (ServerProcess server = await ServerProcess.StartAsync("--data", data))
        {
            await server.Client.WriteSchemaAsync(new() { Text = TestServer.Schema });
            (acknowledged, AuthzGraphException? refusal) = await FillAsync(server.Client);
            output.WriteLine($"{acknowledged} writes of {TuplesPerWrite} tuples, then: {refusal?.Message}");
            Assert.True(acknowledged > 10 && refusal is not null);

            AuthzGraphException again = await Assert.ThrowsAsync<AuthzGraphException>(() => server.Client.WriteRelationshipsAsync(Words.Create("document:more#owner@user:ann")));
            Assert.Equal(("STORE_FAILED", RpcCode.Unavailable), (again.Reason, again.Code));
            Assert.Contains("space", again.Message);
            await AssertPermittedAsync(server.Client, acknowledged);
            Assert.Equal(ServingStatus.NotServing, (await server.Client.HealthAsync(new())).Status);
        }
        disk.Resize(120);
        using ServerProcess restarted = await ServerProcess.StartAsync("--data", data);
        await AssertPermittedAsync(restarted.Client, acknowledged);
        await restarted.Client.WriteRelationshipsAsync(Words.Create("document:more#owner@user:ann"));
        Assert.Equal(20, (await FillAsync(restarted.Client, first: acknowledged + 1, atMost: 20)).Acknowledged);
    }

    /// <summary>Writes until one is refused; how many were acknowledged.</summary>
    private static async Task<(int Acknowledged, AuthzGraphException? Refusal)> FillAsync(AuthzGraphClient client, int first = 0, int atMost = 1_000)
    {
        for (int i = first; i < first + atMost; i++)
        {
            try
            {
                await client.WriteRelationshipsAsync(Words.Create([.. Enumerable.Range(0, TuplesPerWrite).Select(t => Tuple(i, t))]));
            }
            catch (AuthzGraphException refusal)
            {
                return (i - first, refusal);
            }
        }
        return (atMost, null);
    }

    private static async Task AssertPermittedAsync(AuthzGraphClient client, int writes)
    {
        for (int i = 0; i < writes; i++)
            foreach (int t in (int[])[0, TuplesPerWrite - 1])
                Assert.Equal(Outcome.Permitted, (await client.CheckAsync(Words.Check(Tuple(i, t)))).Decision.Outcome);
    }

    private static string Tuple(int write, int tuple) => $"document:{Long}-{write}-{tuple}#owner@user:ann";
}
