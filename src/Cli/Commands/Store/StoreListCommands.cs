using System.CommandLine;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Commands.Store;

/// <summary><c>store create</c>, <c>store list</c> and <c>store delete</c>: the stores of a server.</summary>
internal static class StoreListCommands
{
    public static Command Create(Surroundings around)
    {
        Argument<string> name = Name("What to call it: lower-case letters, digits, `-` and `_`.");
        Command command = new("create", "Make an empty store on the server.") { name };
        command.SetAction(async (parsed, cancellation) =>
        {
            using AuthzGraphClient client = around.Connect(parsed);
            CreateStoreResponse made = await client.CreateStoreAsync(new CreateStoreRequest { Name = parsed.GetRequiredValue(name) }, cancellation);
            around.Print(parsed, made, () => around.Terminal.Line($"[green]made[/] the store {Terminal.Safe(parsed.GetRequiredValue(name))}"));
            return ExitCode.Yes;
        });
        return command;
    }

    public static Command List(Surroundings around)
    {
        Command command = new("list", "List the stores of the server.");
        command.SetAction(async (parsed, cancellation) =>
        {
            using AuthzGraphClient client = around.Connect(parsed);
            ListStoresResponse stores = await client.ListStoresAsync(new ListStoresRequest(), cancellation);
            around.Print(parsed, stores, () =>
            {
                foreach (StoreDescription store in stores.Stores) around.Terminal.Line(Terminal.Safe(store.Name) + (store.Open ? "" : "  [grey]not open[/]"));
            });
            return ExitCode.Yes;
        });
        return command;
    }

    public static Command Delete(Surroundings around)
    {
        Argument<string> name = Name("Which one; not `default`.");
        Option<bool> sure = new("--yes") { Description = "Needed: all that is in the store is gone for good." };
        Command command = new("delete", "Remove a store of the server and all that is in it.") { name, sure };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (!parsed.GetValue(sure)) throw new CommandException("all that is in the store would be gone for good: say --yes if that is what you want");
            using AuthzGraphClient client = around.ConnectForLong(parsed);
            DeleteStoreResponse gone = await client.DeleteStoreAsync(new DeleteStoreRequest { Name = parsed.GetRequiredValue(name) }, cancellation);
            around.Print(parsed, gone, () => around.Terminal.Line($"[green]deleted[/] the store {Terminal.Safe(parsed.GetRequiredValue(name))}"));
            return ExitCode.Yes;
        });
        return command;
    }

    private static Argument<string> Name(string description) => new("NAME") { Description = description };
}
