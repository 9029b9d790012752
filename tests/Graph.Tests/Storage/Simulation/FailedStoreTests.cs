using AuthzGraph.Graph.Tests.Importing;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>A store whose disk failed says so to whoever writes.</summary>
public sealed class FailedStoreTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_store_that_failed_with_its_first_schema_says_so_to_who_imports_and_not_that_it_has_none(int failing)
    {
        SimulatedDisk disk = new(new Random(1));
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(
            new GraphOptions { Storage = new StorageLocation.Memory(), Time = TimeProvider.System }, () => SimulatedStore.Open(disk));
        disk.FailWrite(failing);

        await Assert.ThrowsAsync<RejectionException>(() => graph.WriteSchemaAsync("definition user {}").AsTask());
        RejectionException refusal = await Assert.ThrowsAsync<RejectionException>(
            () => graph.ImportAsync(new ImportRequest { Mode = ImportMode.Atomic }, ["user:ann#member@user:bob"]));

        Assert.NotNull(graph.Failure);
        Assert.Equal("UNAVAILABLE STORE_FAILED", $"{refusal.Code.ToString().ToUpperInvariant()} {refusal.Reason}");
    }

    [Fact]
    public async Task Whoever_asks_as_the_disk_fails_is_answered()
    {
        SimulatedDisk disk = new(new Random(1));
        ManualTime time = new("2026-01-01T00:00:00Z");
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(
            new GraphOptions { Storage = new StorageLocation.Memory(), Time = time }, () => SimulatedStore.Open(disk));
        await graph.WriteSchemaAsync("definition user {} definition document { relation viewer: user }");
        await graph.ImportAsync(new ImportRequest { Mode = ImportMode.Atomic }, ["document:plan#viewer@user:ann"]);
        RelationTuple asked = RelationTuple.Parse("document:plan#viewer@user:ann");
        disk.FailWrite(0);

        time.Set("2026-01-01T00:01:00Z");      // further than instants were reserved for
        bool isPermitted = graph.Snapshot().Check(new CheckQuestion(asked.Resource, asked.Relation, asked.Subject)).IsPermitted;

        Assert.NotNull(graph.Failure);
        Assert.True(isPermitted);
    }
}
