using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Graph.Tests.Retention;
using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>The engine against the reference where the numbers of hops, tasks, principals and caveats had stood for others before.</summary>
public sealed class ReusedNumbersTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Decisions_agree_with_the_reference_whatever_numbers_stood_for_before()
    {
        Findings findings = new();
        NumberCounts numbers = new();
        Case[] cases = [.. Cases.Delegation(24).Concat(Cases.DelegationWithCaveats(16)).Concat(Cases.PlainWithCaveats(10))];
        for (int i = 0; i < cases.Length; i++)
        {
            (Case one, Case other) = (cases[i], cases[(i + 7) % cases.Length]);
            numbers.Forget();
            using TemporaryDirectory directory = new();
            await using Store store = await WornAsync(one, other, i % 4 == 0 ? new StorageLocation.Directory(directory.Path) : null, numbers);
            Comparison.Run(one, store, findings);
        }
        output.WriteLine($"{numbers}");
        Assert.True(numbers is { Names: > 100, Caveats: > 10 }, $"{numbers}: this test tests less than it says");
        findings.Conclude(output, atLeast: 2_400);
    }

    /// <summary>A store in which all tuples of another case were written, deleted and reclaimed before, closed and opened again in between where it can be.</summary>
    private static async Task<Store> WornAsync(Case one, Case other, StorageLocation? where, NumberCounts numbers)
    {
        Random random = new(one.Seed);
        Store store = await Store.OpenAsync(one, new State([]), where, numbers, Windows.Written.Plus(-10 * Windows.Day));
        await store.WriteSchemaAsync(other.Schema.WithoutRoles(), other.SchemaTextWithoutRoles);
        RelationTuple[] tuples = [.. other.Tuples];
        random.Shuffle(tuples);
        foreach (RelationTuple[] some in tuples.Chunk(5)) await store.WriteAsync(some.Select(t => new TupleUpdate(UpdateKind.Create, t)));
        random.Shuffle(tuples);
        foreach (RelationTuple[] some in tuples.Chunk(5)) await store.WriteAsync(some.Select(t => new TupleUpdate(UpdateKind.Delete, t)));
        if (where is not null) store = await ReopenAsync(store, one, where, numbers);
        await store.ReclaimAsync(Windows.Written);
        await store.WriteSchemaAsync(one.Schema.WithoutRoles(), one.SchemaTextWithoutRoles);
        await store.WriteAsync(one.Tuples.Select(t => new TupleUpdate(UpdateKind.Create, t)));
        await store.WriteSchemaAsync(one.Schema, one.SchemaText);
        return where is null ? store : await ReopenAsync(store, one, where, numbers);
    }

    private static async Task<Store> ReopenAsync(Store store, Case one, StorageLocation where, NumberCounts numbers)
    {
        await store.DisposeAsync();
        return await Store.OpenAsync(one, store.State, where, numbers);
    }
}
