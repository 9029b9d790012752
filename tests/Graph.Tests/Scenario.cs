using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests;

/// <summary>A graph in memory, written and asked in text.</summary>
internal sealed class Scenario : IAsyncDisposable
{
    private Scenario(AuthorizationGraph graph) => Graph = graph;

    public AuthorizationGraph Graph { get; }

    /// <summary>Opens a graph with a schema and one transaction of tuples, one a line.</summary>
    public static async Task<Scenario> Of(string schema, string tuples = "", TimeProvider? time = null)
    {
        AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Memory(), Time = time ?? TimeProvider.System });
        await graph.WriteSchemaAsync(schema);
        var scenario = new Scenario(graph);
        if (tuples.Length > 0) await scenario.Touch(tuples);
        return scenario;
    }

    public ValueTask<WriteReceipt> Touch(string tuples) => Write(UpdateKind.Touch, tuples);
    public ValueTask<WriteReceipt> Create(string tuples) => Write(UpdateKind.Create, tuples);
    public ValueTask<WriteReceipt> Delete(string tuples) => Write(UpdateKind.Delete, tuples);

    /// <summary>Asks <c>document:readme#view@user:ann</c>.</summary>
    public Answer Ask(string question, Acting acting = default, string? at = null, Evidence? evidence = null)
    {
        RelationTuple tuple = RelationTuple.Parse(question);
        Snapshot snapshot = Graph.Snapshot();
        if (at is not null) snapshot = snapshot.At(Time(at));
        return snapshot.Check(new CheckQuestion(tuple.Resource, tuple.Relation, tuple.Subject, acting), evidence);
    }

    /// <summary>Asks with a context of JSON text.</summary>
    public Answer AskWith(string question, string? context, Acting acting = default, string? at = null)
    {
        RelationTuple tuple = RelationTuple.Parse(question);
        Snapshot snapshot = at is null ? Graph.Snapshot() : Graph.Snapshot().At(Time(at));
        return snapshot.Check(new CheckQuestion(tuple.Resource, tuple.Relation, tuple.Subject, acting, context));
    }

    public bool Allows(string question, Acting acting = default, string? at = null) => Ask(question, acting, at).IsPermitted;

    public static Instant Time(string text) =>
        Instant.TryParse(text, Rounding.Down, out Instant instant) ? instant : throw new FormatException(text);

    public static Acting By(string delegation) => new(Delegation: ObjectRef.Parse(delegation));
    public static Acting For(string root, string? task = null) =>
        new(Root: ObjectRef.Parse(root), Task: task is null ? null : ObjectRef.Parse(task));

    public ValueTask DisposeAsync() => Graph.DisposeAsync();

    private ValueTask<WriteReceipt> Write(UpdateKind kind, string tuples) => Graph.WriteAsync(new WriteRequest
    {
        Right = WriteRight.Authority,
        Updates = [.. Lines(tuples).Select(line => new TupleUpdate(kind, RelationTuple.Parse(line)))],
    });

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
