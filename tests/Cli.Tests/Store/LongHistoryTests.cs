using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Cli.Tests.Store;

/// <summary>A store whose server keeps more than a day, handled by commands that don't know that.</summary>
public sealed class LongHistoryTests
{
    private const string Schema = "use expiration\ndefinition user {}\ndefinition document { relation viewer: user with expiration | user }\n";

    [Theory]
    [InlineData("store", "checkpoint", "--data", "{0}")]
    [InlineData("store", "load", "{1}", "--merge", "--data", "{0}")]
    [InlineData("store", "dump", "{2}", "--data", "{0}")]
    public async Task A_command_on_a_directory_keeps_what_the_server_would_keep(params string[] command)
    {
        using Folder folder = new();
        string data = folder.PathOf("data"), dump = folder.File("load.txt", $"--- schema\n{Schema}\n--- relationships\n--- end: 0\n");
        LateClock time = new(TimeSpan.FromDays(-6));
        WriteRequest keyed = Touch("document:plan#viewer@user:ann") with { IdempotencyKey = "once" };
        WriteReceipt written;
        await using (AuthorizationGraph graph = await OpenAsync(data, time))
        {
            await graph.WriteSchemaAsync(Schema);
            written = await graph.WriteAsync(keyed);
            await graph.WriteAsync(Touch("document:plan#viewer@user:bob[expiration:2100-01-01T00:00:00Z]"));
            for (int day = -5; day < 0; day++)
            {
                time.Behind = TimeSpan.FromDays(day);
                await graph.WriteAsync(Touch($"document:plan#viewer@user:day{-day}"));
                await graph.CheckpointAsync();
            }
            await graph.WriteAsync(Touch("document:plan#viewer@user:eve"));
        }
        time.Behind = TimeSpan.Zero;
        for (int i = 0; i < 3; i++)
        {
            Run run = await Run.OfAsync([.. command.Select(word => string.Format(word, data, dump, folder.PathOf("dump.txt")))]);
            Assert.True(run.Exit == 0, run.Error);
            await using AuthorizationGraph between = await OpenAsync(data, time);
            await between.WriteAsync(Touch($"document:plan#viewer@user:more{i}"));
        }

        await using AuthorizationGraph after = await OpenAsync(data, time);
        Assert.Equal(written.Revision, (await after.WriteAsync(keyed)).Revision);
        for (int i = 0; i < 600 && after.IsRebuildingHistory; i++) await Task.Delay(50);
        Snapshot past = after.Snapshot(new Consistency.AtExactSnapshot(written.Token));
        Assert.Equal(["document:plan#viewer@user:ann"], past.Read(new TupleFilter { ResourceType = "document" }).Select(tuple => tuple.ToString()));
    }

    private static WriteRequest Touch(string tuple) => new() { Updates = [new TupleUpdate(UpdateKind.Touch, RelationTuple.Parse(tuple))] };

    private static ValueTask<AuthorizationGraph> OpenAsync(string directory, TimeProvider time) => AuthorizationGraph.OpenAsync(
        new GraphOptions { Storage = new StorageLocation.Directory(directory), Time = time, Limits = Limits.Default with { Retention = TimeSpan.FromDays(7) } });

    /// <summary>The system's clock, so much behind.</summary>
    private sealed class LateClock(TimeSpan behind) : TimeProvider
    {
        public TimeSpan Behind { get; set; } = behind;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Behind;
    }
}
