using AuthzGraph.Cli.Network;
using AuthzGraph.Protocol.V1;
using Google.Protobuf.Collections;

namespace AuthzGraph.Cli.Printing;

/// <summary>What lookups find, one on each line: what it depends on in brackets behind it.</summary>
internal static class LookupPrinter
{
    public static void Print(Terminal terminal, string type, FoundResource found) => terminal.Line($"{Name(type, found.Id)}{On(found.MissingContext)}");

    public static void Print(Terminal terminal, string type, string relation, FoundSubject found)
    {
        string userset = relation.Length == 0 ? "" : $"#{relation}";
        string except = found.Excluded.Count == 0 ? "" : $" [grey]except[/] {Terminal.Safe(string.Join(", ", found.Excluded.Select(id => $"{type}:{id}")))}";
        terminal.Line($"{Name(type, found.Id)}{userset}{On(found.MissingContext)}{except}");
    }

    /// <summary><c>agent:buyer by grant:g3 for user:ana through agent:planner, answered for by user:ana</c></summary>
    public static void PrintActing(Terminal terminal, string type, FoundSubject found)
    {
        Explanation why = found.Explanation;
        string[] between = [.. why.Chain.SkipLast(1).Select(hop => hop.Delegate.Text())];
        string through = between.Length == 0 ? "" : $" [grey]through[/] {Terminal.Safe(string.Join(", ", between))}";
        string answerable = string.Join(", ", why.Sponsors.Select(s => s.Human.Text()).Distinct());
        string until = found.ValidUntil is { } end ? $" [grey]until {end.Text()}[/]" : "";
        terminal.Line($"{Name(type, found.Id)}{On(found.MissingContext)} [grey]by[/] {Terminal.Safe(found.Delegation.Text())} [grey]for[/] {Terminal.Safe(why.Root.Text())}{through}"
            + $" [grey]answered for by[/] {Terminal.Safe(answerable)}{until}");
    }

    private static string Name(string type, string id) => $"[green]{Terminal.Safe($"{type}:{id}")}[/]";

    private static string On(RepeatedField<string> missing) => missing.Count == 0 ? "" : $" [yellow]if {Terminal.Safe(string.Join(", ", missing))}[/]";
}
