using System.CommandLine;

namespace AuthzGraph.Cli.Commands;

/// <summary>What all lookups can be told: how many, from where on, with what context, how fresh.</summary>
internal sealed class Paging
{
    public Option<uint> Limit { get; } = new("--limit") { Description = "How many at most.", HelpName = "N" };

    public Option<string> Cursor { get; } = new("--cursor") { Description = "Go on behind an earlier answer to the same question.", HelpName = "CURSOR", DefaultValueFactory = _ => "" };

    public Option<string?> Context { get; } = new("--context") { Description = "What caveats may ask for, as a JSON object.", HelpName = "JSON" };

    public Option<string?> Fresh { get; } = Surroundings.AtLeastAsFresh();

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Limit, Cursor, Context, Fresh]) command.Add(option);
    }

    /// <summary>Says on standard error how to go on, if the limit ended the list.</summary>
    public static void TellOfMore(Terminal terminal, bool isComplete, string cursor)
    {
        if (!isComplete) terminal.ErrorLine($"[grey]there may be more: --cursor {Terminal.Safe(cursor)}[/]");
    }
}
