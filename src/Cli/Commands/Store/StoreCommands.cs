using System.CommandLine;

namespace AuthzGraph.Cli.Commands.Store;

/// <summary><c>store …</c>: what an operator does with a store as a whole.</summary>
internal static class StoreCommands
{
    public static Command Create(Surroundings around) => new("store", "Look after stores: make, list, delete, verify, measure, back up, restore, dump, load.")
    {
        LookCommands.Verify(around),
        LookCommands.Stats(around),
        CheckpointCommand.Create(around),
        CopyCommands.Backup(around),
        CopyCommands.Restore(around),
        DumpCommands.Dump(around),
        DumpCommands.Load(around),
        StoreListCommands.Create(around),
        StoreListCommands.List(around),
        StoreListCommands.Delete(around),
    };

    /// <summary>For what a server does, or what is done to a directory that no server has.</summary>
    public static Option<string?> Data() => new("--data")
    {
        Description = "Work on this store, which no server may have open, instead of asking the server.",
        HelpName = "DIR",
    };

    public static Argument<string> Directory(string name = "DIR") => new(name) { Description = "The folder of a store, or of a backup." };
}
