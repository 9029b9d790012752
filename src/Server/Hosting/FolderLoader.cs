using System.Collections.Immutable;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Server.Hosting;

/// <summary>
/// Fills a store that has no schema yet from a folder: <c>schema.authz</c> with what it imports, then <c>relationships.txt</c>, one tuple a
/// line, blank lines and <c>//</c> comments skipped. Everything is written to a graph in memory first, so that a
/// mistake in the folder leaves the store as it was.
/// </summary>
internal static class FolderLoader
{
    private const string SchemaFile = "schema.authz";
    private const string RelationshipsFile = "relationships.txt";

    /// <summary>Says in a sentence what was done.</summary>
    public static async Task<string> LoadAsync(string folder, AuthorizationGraph graph, GraphOptions options, CancellationToken cancellation)
    {
        if (graph.Snapshot().Revision.Value > 0) return $"left alone: the store has a schema already, so {folder} was not loaded";
        string schema = await ReadSchemaAsync(Path.Combine(folder, SchemaFile), cancellation);
        List<RelationTuple> tuples = await ReadTuplesAsync(Path.Combine(folder, RelationshipsFile), cancellation);

        await using (AuthorizationGraph rehearsal = await AuthorizationGraph.OpenAsync(options with { Storage = new StorageLocation.Memory() }, cancellation))
            await WriteAsync(rehearsal, schema, tuples, options.Limits.UpdatesPerWrite, cancellation);
        await WriteAsync(graph, schema, tuples, options.Limits.UpdatesPerWrite, cancellation);
        return $"loaded the schema and {tuples.Count} relationships of {folder}";
    }

    /// <summary>The file's text, or when it imports others, the text that stands for all of them.</summary>
    private static async Task<string> ReadSchemaAsync(string file, CancellationToken cancellation)
    {
        string text = await File.ReadAllTextAsync(file, cancellation);
        Compilation compilation = SchemaFolder.Compile(file, text);
        if (!compilation.HasImports) return text;
        IEnumerable<Diagnostic> errors = compilation.Diagnostics.Where(d => d.Severity == Severity.Error);
        return compilation.Schema?.Text ?? throw Rejection.Invalid("SCHEMA_INVALID", string.Join('\n', errors));
    }

    private static async Task<List<RelationTuple>> ReadTuplesAsync(string file, CancellationToken cancellation)
    {
        if (!File.Exists(file)) return [];
        using var reader = new StreamReader(file);
        var tuples = new List<RelationTuple>();
        await foreach (RelationTuple tuple in new TupleLines(reader, file).ReadAsync(cancellation)) tuples.Add(tuple);
        return tuples;
    }

    private static async Task WriteAsync(
        AuthorizationGraph graph, string schema, List<RelationTuple> tuples, int updatesPerWrite, CancellationToken cancellation)
    {
        await graph.WriteSchemaAsync(schema, cancellation);
        for (int start = 0; start < tuples.Count;)
        {
            int count = Math.Min(updatesPerWrite, tuples.Count - start);
            count = WholeResources(tuples, start, count);
            ImmutableArray<TupleUpdate> updates = [.. tuples.Skip(start).Take(count).Select(tuple => new TupleUpdate(UpdateKind.Touch, tuple))];
            await graph.WriteAsync(new WriteRequest { Updates = updates, Right = WriteRight.Authority }, cancellation);
            start += count;
        }
    }

    // a hop is written whole or not at all, so the lines of one resource that stand together stay together
    private static int WholeResources(List<RelationTuple> tuples, int start, int count)
    {
        int end = start + count;
        if (end == tuples.Count) return count;
        while (end > start && tuples[end - 1].Resource == tuples[end].Resource) end--;
        return end > start ? end - start : count;
    }
}
