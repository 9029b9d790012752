using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests;

/// <summary>A schema is looked over beside the writers; what they write meanwhile counts all the same.</summary>
public sealed class SchemaRaceTests(ITestOutputHelper output)
{
    private const int Rounds = 60, Tuples = 3_000;

    private const string Before = """
        use expiration
        definition user {}
        definition document { relation viewer: user | user with expiration }
        """;

    private const string After = """
        definition user {}
        definition document { relation viewer: user }
        """;

    [Fact]
    public async Task A_schema_is_allowed_or_a_tuple_that_it_breaks_is_but_never_both()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        int allowed = 0;
        for (int round = 0; round < Rounds; round++)
        {
            await using AuthorizationGraph graph = await OpenAsync();
            Task<string?> schema = AnswerAsync(() => graph.WriteSchemaAsync(After));
            int harmless = random.Next(400);
            for (int i = 0; i < harmless; i++) await graph.WriteAsync(Create($"document:w{i}#viewer@user:ann"));
            string? refusal = await AnswerAsync(() => graph.WriteAsync(Create("document:late#viewer@user:ann[expiration:2999-01-01T00:00:00Z]")));
            string? answer = await schema;

            Assert.True(answer is null != refusal is null, $"seed {seed}, round {round}: schema: {answer ?? "allowed"}; tuple: {refusal ?? "allowed"}");
            if (answer is not null) Assert.Contains("document:late#viewer@user:ann", answer);
            Assert.Equal(Tuples + harmless + (refusal is null ? 1 : 0), graph.Snapshot().Read(new TupleFilter { ResourceType = "document" }).Count());
            if (answer is null) allowed++;
        }
        output.WriteLine($"{allowed} of {Rounds} schemas were allowed");
    }

    [Fact]
    public async Task Of_two_schemas_written_at_once_the_later_is_held_against_the_earlier()
    {
        for (int round = 0; round < Rounds; round++)
        {
            await using AuthorizationGraph graph = await OpenAsync();
            string?[] answers = await Task.WhenAll(
                AnswerAsync(() => graph.WriteSchemaAsync(After)),
                AnswerAsync(() => graph.WriteSchemaAsync(After.Replace("viewer", "reader"))),
                AnswerAsync(() => graph.WriteSchemaAsync(After + "definition robot {}\n")));
            Assert.Null(answers[0]);
            Assert.Contains("can't be removed", answers[1]);
            Assert.Null(answers[2]);
            Assert.DoesNotContain("reader", graph.Snapshot().Schema.Text);
        }
    }

    private static async Task<AuthorizationGraph> OpenAsync()
    {
        AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Memory() });
        await graph.WriteSchemaAsync(Before);
        TupleUpdate[] updates = [.. Enumerable.Range(0, Tuples).Select(i => Update($"document:d{i}#viewer@user:u{i % 7}"))];
        foreach (TupleUpdate[] chunk in updates.Chunk(1_000)) await graph.WriteAsync(new WriteRequest { Updates = [.. chunk] });
        return graph;
    }

    private static WriteRequest Create(string tuple) => new() { Updates = [Update(tuple)] };

    private static TupleUpdate Update(string tuple) => new(UpdateKind.Create, RelationTuple.Parse(tuple));

    /// <summary>Why it was refused; null: it was not.</summary>
    private static async Task<string?> AnswerAsync(Func<ValueTask<WriteReceipt>> write)
    {
        try
        {
            await Task.Run(async () => await write());
            return null;
        }
        catch (RejectionException refusal)
        {
            return refusal.Message;
        }
    }
}
