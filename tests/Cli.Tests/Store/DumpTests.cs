namespace AuthzGraph.Cli.Tests.Store;

/// <summary><c>store dump</c> and <c>store load</c>: a store as text and back.</summary>
public sealed class DumpTests
{
    private const string Odd = "/* a comment that looks\n--- relationships\nlike part of a dump */\r\nuse expiration\ncaveat office(place string, offices list<string>, floor int) { place in offices && floor > 0 }\n" +
        "definition user {}\ndefinition document { relation viewer: user | user with office | user with expiration | user with office and expiration }";

    private static readonly string[] Tuples =
    [
        "document:plan#viewer@user:ann",
        "document:plan#viewer@user:ben[office:{\"offices\":[\"paris\",\"S\\u00E3o Paulo\"]}]",
        "document:plan#viewer@user:eve[office]",
        "document:plan#viewer@user:kim[from:2020-01-01T00:00:00.000001Z][expiration:2999-12-31T23:59:59.999999Z]",
        "document:plan#viewer@user:tom[office:{\"offices\":[\"rome\"],\"floor\":3}][from:2020-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]",
        "document:päck/ü@x#viewer@user:ann@example.com",
    ];

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_store_comes_back_exactly_as_it_was(bool dumpedByServer, bool loadedByServer)
    {
        await using ServedStore store = await OddAsync();
        string[] before = await store.ExportAsync();
        Assert.Equal(Tuples.Length, before.Length);
        if (!dumpedByServer) await store.StopAsync();
        string dump = store.PathOf("dump.txt");
        Run run = await store.OkAsync(["store", "dump", dump, .. dumpedByServer ? (string[])[] : ["--data", store.Data]]);
        Assert.Equal($"dumped the schema and 6 relationships as of revision 2: {dump}\n", run.Output);
        string text = File.ReadAllText(dump);
        Assert.StartsWith($"// AuthzGraph store as of revision 2\n---- schema\n{Odd}\n---- relationships\ndocument:", text);
        Assert.EndsWith("\n---- end: 6\n", text);
        Assert.Equal(Tuples.Order(), text.Split('\n').Where(line => line.Contains("#viewer@", StringComparison.Ordinal)).Order());
        await store.StopAsync();

        string copy = store.PathOf("copy");
        if (loadedByServer) await store.ServeAsync(copy);
        run = await store.OkAsync(["store", "load", dump, .. loadedByServer ? (string[])[] : ["--data", copy]]);
        Assert.StartsWith("loaded the schema and 6 relationships at revision 2\n", run.Output);
        if (!loadedByServer) await store.ServeAsync(copy);
        Assert.Equal(before.Order(), (await store.ExportAsync()).Order());
        Assert.Equal(Odd, (await store.OkAsync("schema", "read")).Output.TrimEnd('\n'));
        Run again = await store.OkAsync("store", "dump", "-");
        Assert.Equal(text.Split('\n').Order(), again.Output.Split('\n').Order());
    }

    [Fact]
    public async Task Hops_tasks_and_revocations_come_back()
    {
        await using ServedStore store = new();
        await store.ServeAsync();
        await store.OkAsync("schema", "write", Example("schema.authz"));
        await store.OkAsync("relationship", "write", "--file", Example("relationships.txt"));
        await store.OkAsync("relationship", "write", "--file", Example("walkthrough.txt"));
        await store.OkAsync("relationship", "write", "grant:tour-price#revoked_by@user:ana");
        await store.OkAsync("relationship", "write", "task:tour#closed_by@user:ana");
        string[] before = await store.ExportAsync();
        await store.OkAsync("store", "dump", store.PathOf("dump.txt"));
        await store.StopAsync();
        await store.OkAsync("store", "load", store.PathOf("dump.txt"), "--data", store.PathOf("copy"), "--chunk", "1");
        await store.ServeAsync(store.PathOf("copy"));
        Assert.Equal(before.Order(), (await store.ExportAsync()).Order());
        Run run = await store.RunAsync("check", "document:q3-forecast", "view", "agent:buyer", "--acting-delegation", "grant:tour-read");
        Assert.StartsWith("DENIED TASK_INACTIVE at hop 1", run.Output);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dump_that_was_cut_off_is_refused_and_atomically_leaves_nothing(bool server)
    {
        await using ServedStore store = await OddAsync();
        await store.OkAsync("store", "dump", store.PathOf("dump.txt"));
        await store.StopAsync();
        string[] lines = File.ReadAllText(store.PathOf("dump.txt")).Split('\n');
        int relationships = Array.IndexOf(lines, "---- relationships");
        foreach ((string name, string[] left, string refusal) in ((string, string[], string)[])
        [
            ("cut", lines[..^3], "the dump was cut off after 5 relationships: its last line is missing"),
            ("holed", [.. lines[..(relationships + 1)], .. lines[(relationships + 2)..]], "the dump has 5 relationships and says 6"),
        ])
        {
            string[] where = server ? [] : ["--data", store.PathOf(name)];
            if (server) await store.ServeAsync(store.PathOf(name));
            Run run = await store.RunAsync(["store", "load", store.File($"{name}.txt", string.Join('\n', left)), "--atomic", .. where]);
            Assert.Equal(2, run.Exit);
            Assert.Contains(refusal, run.Error);
            Assert.Contains("note: the schema is written\n", run.Error);
            if (!server) await store.ServeAsync(store.PathOf(name));
            Assert.Empty(await store.ExportAsync());
            await store.StopAsync();
        }
    }

    [Theory]
    [InlineData("", "NO_DUMP: {0}:1: a dump starts with `--- schema`")]
    [InlineData("definition user {}\n", "NO_DUMP: {0}:1: a dump starts with `--- schema`")]
    [InlineData("// a\n--- schema\ndefinition user {}\n", "NO_DUMP: {0}:3: the dump ends within the schema")]
    [InlineData("--- schema\ndefinition user {}\n--- relationships\nnonsense\n--- end: 1\n", "INVALID_TUPLE: {0}:4: `nonsense` is not a relationship: it has no `#relation`")]
    [InlineData("--- schema\ndefinition usr {\n--- relationships\n--- end: 0\n", "SCHEMA_INVALID: ")]
    public async Task What_is_no_dump_is_refused_with_its_line(string text, string refusal)
    {
        using Folder folder = new();
        string file = folder.File("dump.txt", text);
        Run run = await Run.OfAsync("store", "load", file, "--data", folder.PathOf("data"));
        Assert.Equal(2, run.Exit);
        Assert.Contains($"error {string.Format(refusal, file)}", run.Error);
    }

    [Fact]
    public async Task A_store_that_has_a_schema_is_loaded_only_when_that_is_said()
    {
        await using ServedStore store = await OddAsync();
        await store.OkAsync("store", "dump", store.PathOf("dump.txt"));
        await store.OkAsync("relationship", "write", "document:more#viewer@user:ann");
        await store.OkAsync("relationship", "delete", "document:plan#viewer@user:ann");
        Run run = await store.RunAsync("store", "load", store.PathOf("dump.txt"));
        Assert.Equal((2, "error STORE_NOT_EMPTY: the store has a schema already: load into an empty one, or say --merge\n"), (run.Exit, run.Error));
        await store.OkAsync("store", "load", store.PathOf("dump.txt"), "--merge");
        string[] lines = (await store.OkAsync("store", "dump", "-")).Output.Split('\n');
        Assert.Equal(Tuples.Append("document:more#viewer@user:ann").Order(), lines.Where(line => line.Contains("#viewer@", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task A_load_that_broke_off_is_done_again_under_its_name()
    {
        await using ServedStore store = new();
        string whole = "--- schema\n" + ServedStore.Schema + "\n--- relationships\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"document:d{i:00}#viewer@user:ann\n")) + "--- end: 50\n";
        Run broken = await store.RunAsync("store", "load", store.File("broken.txt", whole.Replace("d25#", "d25")), "--data", store.Data, "--id", "first", "--chunk", "10");
        Assert.Contains("note: the schema is written, and at least the first ", broken.Error);
        await store.OkAsync("store", "load", store.File("whole.txt", whole), "--data", store.Data, "--id", "first", "--chunk", "10");
        await store.ServeAsync();
        Assert.Equal(50, (await store.ExportAsync()).Length);
        Assert.Equal("6", (await store.OkAsync("store", "stats", store.Data)).Output.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].TrimEnd(','));
    }

    [Fact]
    public async Task A_store_without_a_schema_has_nothing_to_dump_and_an_old_file_stays()
    {
        await using ServedStore store = new();
        await store.ServeAsync();
        string file = store.File("dump.txt", "older");
        Run run = await store.RunAsync("store", "dump", file);
        Assert.Equal((2, "error NO_SCHEMA: the store has no schema yet: there is nothing to dump\n"), (run.Exit, run.Error));
        Assert.Equal("older", File.ReadAllText(file));
    }

    private static async Task<ServedStore> OddAsync()
    {
        ServedStore store = new();
        await store.ServeAsync();
        await store.OkAsync("schema", "write", store.File("odd.authz", Odd));
        await store.OkAsync(["relationship", "write", .. Tuples]);
        return store;
    }

    private static string Example(string file) => Path.Combine(Repository.Root, "schemas/agent-tasks", file);
}
