using System.Collections.Concurrent;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Xunit.Abstractions;

namespace AuthzGraph.Server.Tests;

/// <summary>
/// The real server under load, killed with SIGKILL again and again, on one directory: at random times and, through strace,
/// as it enters the n-th system call of a kind — before a write, between a write and its sync, between a sync and the
/// acknowledgement, while starting. What clients were told is held against what the next life knows.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 100;
    private const int Writers = 4;
    private const int WritesPerLife = 400;

    private readonly ConcurrentDictionary<string, bool> _acknowledged = new();
    private readonly ConcurrentDictionary<string, bool> _doubtful = new();
    private int _resolved;
    private int _outlived;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_there_that_nobody_wrote()
    {
        int seed = Seed.Any();
        KillPoint[] points = KillPoint.Available();
        output.WriteLine($"seed {seed}; killed at {string.Join(", ", points.Select(p => p.Name))}");
        var random = new Random(seed);
        using var data = new TemporaryDirectory();
        using (ServerProcess first = await ServerProcess.StartAsync("--data", data.Path)) await first.Client.WriteSchemaAsync(new() { Text = TestServer.Schema });

        int whileStarting = 0;
        for (int kill = 0; kill < Kills; kill++)
            if (!await LiveAsync(points[kill % points.Length], random, data.Path, kill)) whileStarting++;

        using ServerProcess last = await ServerProcess.StartAsync("--data", data.Path);
        await VerifyAsync(last.Client);
        Assert.True(_doubtful.IsEmpty);
        output.WriteLine($"{Kills} kills, {whileStarting} of them before the server served, {_outlived} after all writes; {_acknowledged.Count} writes acknowledged, {_resolved} of them by their key after a kill");
        Assert.True(_acknowledged.Count > Kills && _resolved > Kills / 2);
    }

    /// <summary>One life of the server, from its start to its kill; false if it never served.</summary>
    private async Task<bool> LiveAsync(KillPoint point, Random random, string directory, int life)
    {
        ServerProcess server;
        try { server = await ServerProcess.StartUnderAsync(point.Wrapper(random), ["--data", directory]); }
        catch (InvalidOperationException) when (point.KillsByItself) { return false; }
        using (server)
        {
            Task load = LoadAsync(server.Client, life);
            if (point.KillsByItself) await load;
            else await Task.WhenAny(load, Task.Delay(random.Next(20, 250)));
            if (point.KillsByItself && !server.EndsWithin(TimeSpan.FromSeconds(1))) _outlived++;
            server.Kill();
            await load;
        }
        return true;
    }

    private async Task LoadAsync(AuthzGraphClient client, int life)
    {
        try { await VerifyAsync(client); }
        catch (AuthzGraphException e) when (e.Code == RpcCode.Unavailable) { return; }
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => WriteAsync(client, $"r{life}w{w}")));
    }

    private async Task WriteAsync(AuthzGraphClient client, string name)
    {
        for (int i = 0; i < WritesPerLife / Writers; i++)
            if (!await TryWriteAsync(client, $"{name}n{i}")) return;
    }

    /// <summary>Creates two tuples under a key of their own; false, with the write in doubt, if the server is gone.</summary>
    private async Task<bool> TryWriteAsync(AuthzGraphClient client, string name)
    {
        WriteRelationshipsRequest request = Words.Create($"document:{name}#owner@user:ann", $"document:{name}#viewer@user:bob");
        request.IdempotencyKey = name;
        try
        {
            await client.WriteRelationshipsAsync(request);
            _acknowledged[name] = true;
            return true;
        }
        catch (AuthzGraphException e) when (e.Code == RpcCode.Unavailable)
        {
            _doubtful[name] = true;
            return false;
        }
    }

    /// <summary>Whole transactions, all that were acknowledged, and no others but what is in doubt; then settles the doubt.</summary>
    private async Task VerifyAsync(AuthzGraphClient client)
    {
        HashSet<string> stored = [.. (await client.ReadAll(new ReadRelationshipsRequest { Filter = new() { ResourceType = "document" } })).Select(t => t.Split('[')[0])];
        HashSet<string> owned = [.. stored.Where(t => t.Contains("#owner@")).Select(NameOf)];
        Assert.Equal(owned.Order(), stored.Where(t => t.Contains("#viewer@")).Select(NameOf).Order());
        Assert.Empty(_acknowledged.Keys.Except(owned));
        Assert.Empty(owned.Except(_acknowledged.Keys).Except(_doubtful.Keys));
        foreach (string name in _doubtful.Keys)
        {
            if (!await TryWriteAsync(client, name)) return;
            _doubtful.TryRemove(name, out _);
            _resolved++;
        }
    }

    private static string NameOf(string tuple) => tuple["document:".Length..tuple.IndexOf('#')];
}
