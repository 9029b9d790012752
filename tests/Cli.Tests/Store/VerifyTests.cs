using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;

namespace AuthzGraph.Cli.Tests.Store;

/// <summary>What <c>store verify</c> and <c>store stats</c> say of directories as they are and as damage leaves them.</summary>
public sealed class VerifyTests
{
    private const int SlotBytes = 4096;

    [Fact]
    public async Task A_store_with_two_checkpoints_and_a_log_behind_them_is_whole()
    {
        await using ServedStore store = await FilledAsync();
        Run run = await store.RunAsync("store", "verify", store.Data);
        Assert.Equal((0, ""), (run.Exit, string.Join('\n', run.Output.Split('\n').Where(line => line.StartsWith("note", StringComparison.Ordinal)))));
        Assert.Equal("""
            holds    both copies of `manifest` are whole
            holds    both copies of `instant` are whole
            holds    the log's frames and chain hold: revisions 1 to 10 in 1 segment
            holds    checkpoint.2 is whole: 6 relationships, 7 names at revision 7
            holds    checkpoint.1 is whole: 3 relationships, 4 names at revision 4
            holds    checkpoint.1 and the log after it come to checkpoint.2, byte by byte
            holds    the index a server would load agrees with checkpoint and log: 9 relationships, 13 names and texts, 0 idempotency keys
            WHOLE up to revision 10

            """, run.Output);
    }

    [Fact]
    public async Task Statistics_are_those_of_the_store_served_or_not()
    {
        await using ServedStore store = await FilledAsync();
        string still = (await store.OkAsync("store", "stats", store.Data, "--json")).Output;
        await store.ServeAsync();
        foreach (string json in (string[])[still, (await store.OkAsync("store", "stats", store.Data, "--json")).Output])
        {
            JsonElement figures = JsonDocument.Parse(json).RootElement;
            Assert.Equal((3, 1, 10, 1, 0), (Of("format"), Of("timeline"), Of("revision"), Of("oldestRevision"), Of("oldestRestorable")));
            Assert.Equal((9, 10, 1, 16 << 20), (Of("tuples"), Of("names"), Of("segments"), Of("logBytes")));
            Assert.Equal([(2, 7, 6), (1, 4, 3)], figures.GetProperty("checkpoints").EnumerateArray()
                .Select(c => (c.GetProperty("number").GetInt32(), c.GetProperty("revision").GetInt32(), c.GetProperty("tuples").GetInt32())));

            long Of(string name) => figures.GetProperty(name).GetInt64();
        }
        Assert.StartsWith("store          ", (await store.OkAsync("store", "stats", store.Data)).Output);
    }

    [Fact]
    public async Task Relationships_that_were_replaced_or_deleted_are_not_counted_twice()
    {
        await using ServedStore store = await ServedStore.StartAsync(3);
        await store.OkAsync("relationship", "write", "document:d0#viewer@user:ann[expiration:2999-01-01T00:00:00Z]");
        await store.OkAsync("relationship", "delete", "document:d1#viewer@user:ann");
        Assert.Contains("relationships  2, with 4 names\n", (await store.OkAsync("store", "stats", store.Data)).Output);
    }

    [Theory]
    [InlineData("store", "verify", "{0}")]
    [InlineData("store", "backup", "{1}", "--data", "{0}")]
    [InlineData("store", "restore", "{0}", "{1}")]
    [InlineData("store", "checkpoint", "--data", "{0}")]
    [InlineData("store", "dump", "{1}", "--data", "{0}")]
    [InlineData("store", "load", "{2}", "--data", "{0}")]
    [InlineData("serve", "--data", "{0}", "--port", "0", "--http-port", "0")]
    public async Task A_store_that_is_served_is_left_to_its_server(params string[] command)
    {
        await using ServedStore store = await ServedStore.StartAsync();
        string dump = store.File("dump.txt", "--- schema\ndefinition user {}\n--- relationships\n--- end: 0\n");
        Run run = await Run.OfAsync([.. command.Select(word => string.Format(word, store.Data, store.PathOf("other"), dump))]);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains($"error STORE: the store in {store.Data} is in use", run.Error);
        Assert.False(Path.Exists(store.PathOf("other")));
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("stats")]
    public async Task A_directory_without_a_store_is_said_to_be_one_and_stays_empty(string command)
    {
        using Folder folder = new();
        string empty = Directory.CreateDirectory(folder.PathOf("empty")).FullName;
        foreach (string path in (string[])[empty, folder.PathOf("nothing")])
        {
            Run run = await Run.OfAsync("store", command, path);
            Assert.Equal((2, $"error STORE: there is no store in {path}\n"), (run.Exit, run.Error));
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(empty));
        Assert.False(Directory.Exists(folder.PathOf("nothing")));
    }

    [Theory]
    [InlineData("manifest", 30, "manifest", 0)]
    [InlineData("manifest", 4095, "manifest", 0)]
    [InlineData("manifest", 4096 + 30, "manifest", 4096)]
    [InlineData("instant", 0, "instant", 0)]
    [InlineData("instant", 8191, "instant", 4096)]
    [InlineData("checkpoint.1", 40, "checkpoint.1", 0)]
    [InlineData("checkpoint.2", 40, "checkpoint.2", 0)]
    [InlineData("log.0", 90, "log.0", 64)]
    public async Task A_flipped_byte_is_found_and_its_place_named(string file, int at, string named, int offset)
    {
        await using ServedStore store = await FilledAsync();
        Flip(Path.Combine(store.Data, file), at);
        JsonElement finding = Assert.Single(await DamageAsync(store));
        Assert.Equal((named, offset), (finding.GetProperty("file").GetString(), finding.GetProperty("offset").GetInt32()));
    }

    [Fact]
    public async Task Every_sixteenth_byte_of_log_and_checkpoints_is_watched_over()
    {
        await using ServedStore store = await FilledAsync();
        long filled = JsonDocument.Parse((await store.OkAsync("store", "stats", store.Data, "--json")).Output).RootElement.GetProperty("logFilled").GetInt64();
        int unseen = 0;
        foreach ((string file, long from, long to) in ((string, long, long)[])
            [("log.0", 64, 64 + filled), ("checkpoint.1", 0, Length("checkpoint.1")), ("checkpoint.2", 0, Length("checkpoint.2"))])
            for (long at = from; at < to; at += Math.Max(16, (to - from) / 40))
            {
                Flip(Path.Combine(store.Data, file), at);
                JsonElement[] found = await DamageAsync(store, mayBeWhole: file == "log.0");
                if (file == "log.0" && found.Length == 0) unseen++;
                else Assert.Equal(file, found[0].GetProperty("file").GetString());
                Assert.All(found, finding => Assert.True(finding.GetProperty("file").GetString() != file || finding.GetProperty("offset").GetInt64() <= at));
                Flip(Path.Combine(store.Data, file), at);
            }
        Assert.InRange(unseen, 0, 3);     // padding between two entries of the log, at most three bytes each
        Assert.Equal(0, (await store.RunAsync("store", "verify", store.Data)).Exit);

        long Length(string file) => new FileInfo(Path.Combine(store.Data, file)).Length;
    }

    [Fact]
    public async Task Damage_in_two_places_is_found_twice()
    {
        await using ServedStore store = await FilledAsync();
        Flip(Path.Combine(store.Data, "log.0"), 90);
        Flip(Path.Combine(store.Data, "checkpoint.1"), 40);
        Run run = await store.RunAsync("store", "verify", store.Data);
        Assert.Equal(1, run.Exit);
        Assert.Contains("DAMAGED  log.0 at byte 64: ", run.Output);
        Assert.Contains("DAMAGED  checkpoint.1 at byte 0: ", run.Output);
        Assert.Contains("holds    checkpoint.2 is whole", run.Output);
        Assert.EndsWith("DAMAGED in 2 places\n", run.Output);
    }

    [Theory]
    [InlineData("manifest")]
    [InlineData("instant")]
    [InlineData("log.0")]
    [InlineData("checkpoint.1")]
    [InlineData("checkpoint.2")]
    public async Task A_file_that_is_gone_is_named(string file)
    {
        await using ServedStore store = await FilledAsync();
        File.Delete(Path.Combine(store.Data, file));
        Assert.Contains(await DamageAsync(store), finding => finding.GetProperty("file").GetString() == file);
    }

    [Fact]
    public async Task A_log_cut_short_below_what_was_durable_is_damage()
    {
        await using ServedStore store = await FilledAsync();
        long filled = JsonDocument.Parse((await store.OkAsync("store", "stats", store.Data, "--json")).Output).RootElement.GetProperty("logFilled").GetInt64();
        using (FileStream log = File.OpenWrite(Path.Combine(store.Data, "log.0")))
        {
            log.Position = 64 + filled - 100;
            log.Write(new byte[100]);
        }
        JsonElement finding = Assert.Single(await DamageAsync(store));
        Assert.Contains("the manifest says that it was durable up to", finding.GetProperty("problem").GetString());
    }

    [Theory]
    [InlineData("store", "verify", "{0}")]
    [InlineData("store", "stats", "{0}")]
    [InlineData("store", "backup", "{1}", "--data", "{0}")]
    [InlineData("store", "restore", "{0}", "{1}")]
    [InlineData("store", "checkpoint", "--data", "{0}")]
    [InlineData("serve", "--data", "{0}", "--port", "0", "--http-port", "0")]
    public async Task A_store_of_another_format_is_refused_and_the_formats_named(params string[] command)
    {
        await using ServedStore store = await ServedStore.StartAsync();
        await store.StopAsync();
        SetFormat(Path.Combine(store.Data, "manifest"), 4);
        Run run = await Run.OfAsync([.. command.Select(word => string.Format(word, store.Data, store.PathOf("other")))]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("the file `manifest` is of format 4, and this program reads only format 3: start the program that wrote it", run.Error);
    }

    /// <summary>Nine relationships, checkpoints after three and six, and a clean end.</summary>
    private static async Task<ServedStore> FilledAsync()
    {
        ServedStore store = await ServedStore.StartAsync();
        for (int i = 0; i < 9; i++)
        {
            await store.WriteAsync(i);
            if (i is 2 or 5) await store.OkAsync("store", "checkpoint");
        }
        await store.StopAsync();
        return store;
    }

    private static async Task<JsonElement[]> DamageAsync(ServedStore store, bool mayBeWhole = false)
    {
        Run run = await store.RunAsync("store", "verify", store.Data, "--json");
        JsonElement report = JsonDocument.Parse(run.Output).RootElement;
        if (!mayBeWhole) Assert.Equal((1, false), (run.Exit, report.GetProperty("whole").GetBoolean()));
        return [.. report.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("isDamage").GetBoolean())];
    }

    private static void Flip(string path, long at)
    {
        using FileStream file = File.Open(path, FileMode.Open);
        file.Position = at;
        int old = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(old ^ 0x40));
    }

    private static void SetFormat(string path, uint format)
    {
        byte[] both = File.ReadAllBytes(path);
        foreach (int start in (int[])[0, SlotBytes])
        {
            Span<byte> slot = both.AsSpan(start, SlotBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(slot[8..], format);
            uint crc = uint.MaxValue;
            foreach (byte b in slot[4..]) crc = BitOperations.Crc32C(crc, b);
            BinaryPrimitives.WriteUInt32LittleEndian(slot, ~crc);
        }
        File.WriteAllBytes(path, both);
    }
}
