using System.CommandLine;
using AuthzGraph.Cli.Network;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Cli.Commands.Store;

/// <summary><c>store dump | load</c>: a store as text, of any length, never held in memory whole.</summary>
internal static class DumpCommands
{
    private const int TuplesPerReport = 4_096;

    public static Command Dump(Surroundings around)
    {
        Argument<string> file = new("FILE") { Description = "Where to put it; - prints it." };
        Option<string?> data = StoreCommands.Data();
        Command command = new("dump", "Write the schema and every relationship of one snapshot as text.") { file, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(file);
            await using IStoreAccess store = await OpenAsync(around, parsed, data, mayBeNew: false, cancellation);
            StoredText schema = await store.ReadSchemaAsync(cancellation) ?? throw new CommandException("the store has no schema yet: there is nothing to dump", "NO_SCHEMA");
            long count = await StoreSteps.RunAsync(around, parsed, async progress =>
            {
                await using DumpTarget target = DumpTarget.Open(around.Terminal, path == InputFile.Standard ? null : path);
                long written = await DumpText.WriteAsync(target.Writer, $"AuthzGraph store as of revision {schema.Revision}", schema.Schema, store.ExportAsync(schema.Token, cancellation),
                    done => Report(progress, "relationships", done));
                target.Keep();
                return written;
            });
            if (path == InputFile.Standard) return ExitCode.Yes;
            if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.Of(new { file = path, relationships = count, schema.Revision }));
            else around.Terminal.Line($"[green]dumped[/] the schema and {count} relationships as of revision {schema.Revision}: {Terminal.Safe(path)}");
            return ExitCode.Yes;
        });
        return command;
    }

    public static Command Load(Surroundings around)
    {
        Argument<string> file = new("FILE") { Description = "What dump wrote; - reads standard input." };
        Option<string?> data = StoreCommands.Data();
        data.Description += " It is made when it is not there.";
        Option<bool> merge = new("--merge") { Description = "Load into a store that has a schema: replace it, and what is both there and in the file." };
        Option<bool> atomic = new("--atomic") { Description = "Write all relationships in one revision, or none." };
        Option<uint> chunk = ChunkOption.Of(5_000);
        Option<string> id = new("--id") { Description = "Names the load: run again under its name, it passes over what is written.", HelpName = "NAME", DefaultValueFactory = _ => "" };
        Command command = new("load", "Fill a store from a dump.") { file, data, merge, atomic, chunk, id };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(file);
            using InputFile source = InputFile.Open(around.Terminal, path);
            DumpHead head = DumpText.ReadHead(source.Reader, source.Name);
            await using IStoreAccess store = await OpenAsync(around, parsed, data, mayBeNew: true, cancellation);
            bool isResumed = parsed.GetRequiredValue(id).Length > 0;
            if (!parsed.GetValue(merge) && await store.ReadSchemaAsync(cancellation) is { } there && !(isResumed && there.Schema == head.Schema))
                throw new CommandException("the store has a schema already: load into an empty one, or say --merge", "STORE_NOT_EMPTY");
            LoadOptions options = new(parsed.GetValue(atomic), parsed.GetValue(chunk), parsed.GetRequiredValue(id));
            LoadReceipt last = await StoreSteps.RunAsync(around, parsed, progress => LoadAsync(around.Terminal, store, source, head, options, progress, cancellation));
            if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.Of(new { relationships = last.Written, last.Revision, last.Token }));
            else WritePrinter.Print(around.Terminal, $"loaded the schema and {last.Written} relationships", last.Revision, last.Token);
            return ExitCode.Yes;
        });
        return command;
    }

    private static async Task<LoadReceipt> LoadAsync(
        Terminal terminal, IStoreAccess store, InputFile source, DumpHead head, LoadOptions options, IProgress<StoreProgress>? progress, CancellationToken cancellation)
    {
        await store.WriteSchemaAsync(head.Schema, cancellation);
        LoadReceipt last = default;
        WatchedTuples tuples = new(DumpText.ReadTuplesAsync(source.Reader, head, source.Name, cancellation));
        bool isDone = false;
        try
        {
            await foreach (LoadReceipt receipt in store.ImportAsync(Reporting(tuples, source, progress), options, cancellation)) last = receipt;
            isDone = true;
        }
        catch (AuthzGraphException) when (tuples.Problem is not null)      // the call broke off because of it
        {
            throw tuples.Problem;
        }
        finally
        {
            if (!isDone) terminal.ErrorLine($"[yellow]note[/]: the schema is written{(options.IsAtomic ? "" : $", and at least the first {last.Written} relationships")}");
        }
        return last.Revision > 0 || await store.ReadSchemaAsync(cancellation) is not { } schema ? last : new LoadReceipt(0, schema.Revision, schema.Token);
    }

    private static async IAsyncEnumerable<RelationTuple> Reporting(IAsyncEnumerable<RelationTuple> tuples, InputFile source, IProgress<StoreProgress>? progress)
    {
        long read = 0;
        await foreach (RelationTuple tuple in tuples)
        {
            if (++read % TuplesPerReport == 0) progress?.Report(new StoreProgress("loading", source.Position, source.Length));
            yield return tuple;
        }
    }

    private static async Task<IStoreAccess> OpenAsync(Surroundings around, ParseResult parsed, Option<string?> data, bool mayBeNew, CancellationToken cancellation)
    {
        if (parsed.GetValue(data) is not { } directory) return new RemoteStore(around.ConnectForLong(parsed));
        return new LocalStore(mayBeNew ? await OpenStore.OrNewAsync(directory, cancellation) : await OpenStore.AsAsync(directory, cancellation));
    }

    private static void Report(IProgress<StoreProgress>? progress, string step, long done)
    {
        if (done % TuplesPerReport == 1) progress?.Report(new StoreProgress(step, done, 0));
    }
}
