using System.Diagnostics;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Perf.Storage;

/// <summary>
/// Tuples a second from a text file into a durable store, in committed chunks: reading lines, parsing, checking against the schema, naming,
/// indexing, logging and syncing. Ends with a restart after which every tuple must be there.
/// </summary>
public static class BulkLoad
{
    private const string Schema = """
        definition user {}
        definition group { relation member: user }
        definition document { relation viewer: user | group#member }
        """;

    private const int ViewersPerDocument = 5;

    /// <param name="folder">Where file and store are made.</param>
    public static async Task<IReadOnlyList<Recovery.Line>> RunAsync(string folder, int tuples)
    {
        string file = Path.Combine(folder, "relationships.txt");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, tuples).Select(i => Tuple(i, tuples)));
        List<Recovery.Line> lines = [];
        Stopwatch clock = Stopwatch.StartNew();
        int parsed = 0;
        await foreach (RelationTuple tuple in ReadAsync(file)) parsed++;
        Expect(tuples, parsed, "parsed");
        lines.Add(new Recovery.Line("text read and parsed alone", tuples / clock.Elapsed.TotalSeconds / 1e6, "M tuples/s"));
        lines.AddRange(await LoadAsync("into memory", new StorageLocation.Memory(), file, tuples));
        lines.AddRange(await LoadAsync("onto disk", new StorageLocation.Directory(Path.Combine(folder, "store")), file, tuples));
        return lines;
    }

    private static async Task<IReadOnlyList<Recovery.Line>> LoadAsync(string name, StorageLocation storage, string file, int tuples)
    {
        var options = new GraphOptions { Storage = storage };
        double seconds, allocated;
        await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options))
        {
            await graph.WriteSchemaAsync(Schema);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Stopwatch clock = Stopwatch.StartNew();
            ImportReceipt last = default;
            await foreach (ImportReceipt receipt in graph.ImportAsync(ReadAsync(file), new ImportRequest { ChunkSize = 10_000 })) last = receipt;
            seconds = clock.Elapsed.TotalSeconds;
            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            Expect(tuples, last.Tuples, "imported");
            if (storage is StorageLocation.Memory) Expect(tuples, Count(graph), "found");
        }
        if (storage is StorageLocation.Directory)
        {
            await using AuthorizationGraph again = await AuthorizationGraph.OpenAsync(options);
            Expect(tuples, Count(again), "found after a restart");
        }
        return [new Recovery.Line(name, tuples / seconds / 1e6, "M tuples/s"), new Recovery.Line("", allocated / tuples, "bytes allocated a tuple")];
    }

    private static int Count(AuthorizationGraph graph) => graph.Snapshot().Read(new TupleFilter { ResourceType = "document" }).Count();

    private static string Tuple(int i, int tuples)
    {
        int document = i / ViewersPerDocument, users = Math.Max(tuples / 10, ViewersPerDocument);
        long user = (document * 7919L + i % ViewersPerDocument * 104_729L) % users;
        return i % ViewersPerDocument == 0
            ? $"document:doc-{document:D8}#viewer@group:team-{user % 1000}#member"
            : $"document:doc-{document:D8}#viewer@user:user-{user:D8}{i % ViewersPerDocument}";
    }

    private static async IAsyncEnumerable<RelationTuple> ReadAsync(string file)
    {
        using var reader = new StreamReader(file);
        await foreach (RelationTuple tuple in new TupleLines(reader, file).ReadAsync()) yield return tuple;
    }

    private static void Expect(long expected, long found, string what)
    {
        if (found != expected) throw new InvalidOperationException($"{expected} tuples were there to be loaded and {found} were {what}");
    }
}
