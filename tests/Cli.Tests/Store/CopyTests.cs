using System.Text.Json;

namespace AuthzGraph.Cli.Tests.Store;

/// <summary><c>store backup</c> and <c>store restore</c>: what a copy holds, and what becomes of tokens.</summary>
public sealed class CopyTests
{
    [Fact]
    public async Task A_backup_of_a_served_store_is_restored_with_all_that_was_acknowledged()
    {
        await using ServedStore store = await ServedStore.StartAsync(5);
        await store.OkAsync("relationship", "write", "document:plan#viewer@user:ann[office:{\"offices\":[\"paris\"]}]", "document:plan#viewer@user:bob[from:2020-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]");
        await store.OkAsync("store", "checkpoint");
        await store.WriteAsync(77);
        string[] before = await store.ExportAsync();
        Run backup = await store.OkAsync("store", "backup", store.PathOf("copy"));
        Assert.StartsWith("backed up and verified up to revision 8, committed at ", backup.Output);
        Assert.Equal(["backup", "checkpoint.1", "instant", "log.0"], Directory.EnumerateFiles(store.PathOf("copy")).Select(Path.GetFileName).Order());
        await store.WriteAsync(99);
        await store.StopAsync();

        Assert.StartsWith("restored and verified up to revision 8", (await store.OkAsync("store", "restore", store.PathOf("copy"), store.PathOf("new"))).Output);
        await store.ServeAsync(store.PathOf("new"));
        Assert.Equal(before, await store.ExportAsync());
        await store.StopAsync();
        await store.ServeAsync();
        Assert.Equal(before.Length + 1, (await store.ExportAsync()).Length);
    }

    /// <summary>Writers and checkpoints go on while copies are made: each copy is a prefix that holds what was acknowledged before.</summary>
    [Fact]
    public async Task Backups_under_load_are_prefixes_that_hold_what_was_acknowledged()
    {
        await using ServedStore store = await ServedStore.StartAsync();
        int acknowledged = 0;
        using CancellationTokenSource stop = new();
        Task writing = Task.Run(async () =>
        {
            for (; !stop.IsCancellationRequested; Interlocked.Increment(ref acknowledged))
            {
                await store.WriteAsync(acknowledged);
                if (acknowledged % 20 == 19) await store.OkAsync("store", "checkpoint");
            }
        });
        List<(string Copy, int Least, int Most)> copies = [];
        for (int i = 0; i < 6; i++)
        {
            await Task.Delay(150);
            int least = Volatile.Read(ref acknowledged);
            await store.OkAsync("store", "backup", store.PathOf($"copy{i}"));
            copies.Add((store.PathOf($"copy{i}"), least, Volatile.Read(ref acknowledged) + 1));
        }
        await stop.CancelAsync();
        await writing;
        await store.StopAsync();
        Assert.True(copies[^1].Least > 20, $"only {copies[^1].Least} writes");
        foreach ((string copy, int least, int most) in copies)
        {
            await store.OkAsync("store", "restore", copy, copy + "-restored");
            await store.ServeAsync(copy + "-restored");
            string[] held = await store.ExportAsync();
            Assert.InRange(held.Length, least, most);
            Assert.Equal(Enumerable.Range(0, held.Length).Select(n => $"document:d{n}#viewer@user:ann"), held);
            await store.StopAsync();
        }
    }

    [Fact]
    public async Task Tokens_up_to_the_fork_work_and_later_ones_are_refused_on_either_side()
    {
        await using ServedStore store = await ServedStore.StartAsync();
        string before = await store.WriteAsync(0);
        await store.OkAsync("store", "backup", store.PathOf("copy"));
        string after = await store.WriteAsync(1);
        await store.StopAsync();
        await store.OkAsync("store", "restore", store.PathOf("copy"), store.PathOf("new"));
        await store.ServeAsync(store.PathOf("new"));

        Assert.Equal("PERMITTED", await AnswerAsync(before));
        Assert.StartsWith("error TOKEN_OF_ANOTHER_TIMELINE: the consistency token is of revision 3, and this store was restored as of revision 2: take a new one", await AnswerAsync(after));
        string here = await store.WriteAsync(5);
        string later = await store.WriteAsync(6);
        Assert.Equal("PERMITTED", await AnswerAsync(here));
        Assert.StartsWith("error TOKEN_OF_ANOTHER_TIMELINE", await AnswerAsync(after));     // revision 3 is there now, and is another
        Run watch = await store.RunAsync("watch", "--after", after);
        Assert.StartsWith("error TOKEN_OF_ANOTHER_TIMELINE", watch.Error);

        await store.StopAsync();
        await store.ServeAsync();
        Assert.Equal("PERMITTED", await AnswerAsync(after));
        Assert.StartsWith("error TOKEN_OF_ANOTHER_TIMELINE: the consistency token was given out by this store on a timeline that it does not go back to", await AnswerAsync(later));

        async Task<string> AnswerAsync(string token)
        {
            Run run = await store.RunAsync("check", "document:d0", "viewer", "user:ann", "--at-least-as-fresh", token);
            return (run.Output + run.Error).Split('\n')[0];
        }
    }

    [Fact]
    public async Task Two_restores_of_one_backup_are_told_from_each_other_and_a_restore_of_a_restore_keeps_the_first_fork()
    {
        await using ServedStore store = await ServedStore.StartAsync(1);
        await store.OkAsync("store", "backup", store.PathOf("copy"));
        string lost = await store.WriteAsync(1);
        await store.StopAsync();
        await store.OkAsync("store", "restore", store.PathOf("copy"), store.PathOf("one"));
        await store.OkAsync("store", "restore", store.PathOf("copy"), store.PathOf("two"));
        await store.ServeAsync(store.PathOf("one"));
        string ofOne = await store.WriteAsync(10);
        await store.OkAsync("store", "backup", store.PathOf("copy of one"));
        await store.StopAsync();
        await store.ServeAsync(store.PathOf("two"));
        Assert.Contains("TOKEN_OF_ANOTHER_TIMELINE", (await ReadAsync(ofOne)).Error);
        await store.StopAsync();

        await store.OkAsync("store", "restore", store.PathOf("copy of one"), store.PathOf("three"));
        await store.ServeAsync(store.PathOf("three"));
        Assert.Equal("document:d0#viewer@user:ann\ndocument:d10#viewer@user:ann\n", (await ReadAsync(ofOne)).Output);
        Assert.Contains("revision 3, and this store was restored as of revision 2", (await ReadAsync(lost)).Error);

        Task<Run> ReadAsync(string token) => store.RunAsync("relationship", "read", "document", "--at-least-as-fresh", token);
    }

    [Fact]
    public async Task Every_revision_that_the_log_leads_to_is_restored_as_it_was()
    {
        await using ServedStore store = await ServedStore.StartAsync();
        List<(ulong Revision, string Time, string[] Held)> states = [];
        for (int i = 0; i < 8; i++)
        {
            string time = JsonDocument.Parse((await store.OkAsync("relationship", "write", $"document:d{i}#viewer@user:ann", "--json")).Output).RootElement.GetProperty("committedAt").GetString() ?? "";
            if (i % 3 == 2) await store.OkAsync("store", "checkpoint");
            states.Add(((ulong)i + 2, time, await store.ExportAsync()));
        }
        await store.OkAsync("store", "backup", store.PathOf("copy"));
        await store.StopAsync();
        foreach ((ulong revision, string time, string[] held) in states)
            foreach (string at in (string[])[$"{revision}", time])
            {
                string target = store.PathOf($"at {at}");
                await store.OkAsync("store", "restore", store.PathOf("copy"), target, "--at", at);
                await store.ServeAsync(target);
                Assert.Equal(held, await store.ExportAsync());
                Assert.Contains($"at revision {revision + 1}\n", (await store.OkAsync("relationship", "write", "document:new#viewer@user:bob")).Output);
                await store.StopAsync();
                await store.OkAsync("store", "verify", target);
            }
    }

    [Theory]
    [InlineData("99", "error REVISION_AHEAD: revision 99 does not exist: the newest is 3")]
    [InlineData("yesterday", "error USAGE: `yesterday` is neither a revision nor a time")]
    public async Task A_point_that_is_not_there_is_refused_and_nothing_is_made(string at, string refusal)
    {
        await using ServedStore store = await ServedStore.StartAsync(2);
        await store.StopAsync();
        Run run = await store.RunAsync("store", "restore", store.Data, store.PathOf("new"), "--at", at);
        Assert.Equal(2, run.Exit);
        Assert.StartsWith(refusal, run.Error);
        Assert.False(Directory.Exists(store.PathOf("new")));
    }

    [Fact]
    public async Task A_backup_is_no_store_until_it_is_restored()
    {
        await using ServedStore store = await ServedStore.StartAsync(1);
        await store.OkAsync("store", "backup", store.PathOf("copy"));
        Run run = await Run.OfAsync("serve", "--data", store.PathOf("copy"), "--port", "0", "--http-port", "0");
        Assert.Equal((2, "error STORE: it is a backup: restore it into a directory of its own, and open that\n"), (run.Exit, run.Error));
        await store.OkAsync("store", "verify", store.PathOf("copy"));
    }

    [Fact]
    public async Task A_directory_that_holds_something_is_no_target()
    {
        await using ServedStore store = await ServedStore.StartAsync(1);
        store.File("full/letter.txt", "dear");
        await store.OkAsync("store", "backup", store.PathOf("copy"));
        foreach (string[] command in (string[][])[["store", "backup", store.PathOf("full")], ["store", "restore", store.PathOf("copy"), store.PathOf("full")]])
            Assert.EndsWith("is not empty: name a directory that is not there yet\n", (await store.RunAsync(command)).Error);
        Assert.Single(Directory.EnumerateFileSystemEntries(store.PathOf("full")));
    }

    [Fact]
    public async Task A_damaged_backup_is_not_restored_and_one_damaged_late_is_as_of_before()
    {
        await using ServedStore store = await ServedStore.StartAsync(3);
        await store.StopAsync();
        await store.OkAsync("store", "backup", store.PathOf("copy"), "--data", store.Data);
        string log = Path.Combine(store.PathOf("copy"), "log.0");
        byte[] bytes = File.ReadAllBytes(log);
        int place = bytes.AsSpan().LastIndexOf("d2"u8);
        bytes[place] ^= 1;
        File.WriteAllBytes(log, bytes);
        Run run = await store.RunAsync("store", "restore", store.PathOf("copy"), store.PathOf("new"));
        Assert.Equal(2, run.Exit);
        Assert.StartsWith("error STORE: the log is damaged at log.0, byte ", run.Error);
        Assert.False(Directory.Exists(store.PathOf("new")));
        Assert.StartsWith("restored and verified up to revision 3", (await store.OkAsync("store", "restore", store.PathOf("copy"), store.PathOf("new"), "--at", "3")).Output);
    }

    [Fact]
    public async Task A_store_in_memory_has_nothing_to_copy()
    {
        await using MemoryServer server = await MemoryServer.StartAsync();
        using Folder folder = new();
        Run run = await Run.OfAsync("store", "backup", folder.PathOf("copy"), "--server", server.Address);
        Assert.StartsWith("error NO_DIRECTORY: ", run.Error);
    }
}
