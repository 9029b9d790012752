using AuthzGraph.Cli.Network;
using AuthzGraph.Protocol.V1;
using Verdict = AuthzGraph.Protocol.V1.HopReport.Types.Verdict;

namespace AuthzGraph.Cli.Printing;

/// <summary>Shows a chain from the root down, and all that is to be said of it.</summary>
internal static class ChainPrinter
{
    public static void Print(Terminal terminal, ObjectReference leaf, DescribeResponse chain)
    {
        string name = Terminal.Safe(leaf.Text());
        bool holds = chain.Code == DenialCode.Unspecified;
        string where = chain.Hop > 0 ? $" at hop {chain.Hop}" : "";
        string about = chain.Object is null ? "" : $": [bold]{Terminal.Safe(chain.Object.Text())}[/]";
        terminal.Line(holds
            ? $"{name} [bold green]HOLDS[/]{(chain.EndsAt is { } end ? $" [grey]until {end.Text()}[/]" : "")}"
            : $"{name} [bold red]BROKEN[/] [red]{DenialText.Name(chain.Code)}[/]{where}{about}");
        if (!holds) terminal.Line($"  {Terminal.Safe(DenialText.Of(chain.Code))}");
        if (chain.FailedFact is { } fact) DecisionPrinter.Titled(terminal, "because of", [fact.Text()]);
        if (chain.Chain.Count > 0) PrintHops(terminal, [.. chain.Chain], chain.Root, null);
        DecisionPrinter.Titled(terminal, "lends", chain.Lends.Select(lent => lent.Text()));
        DecisionPrinter.Titled(terminal, "approved by", chain.Approvers.Select(approver => approver.Text()));
        DecisionPrinter.Titled(terminal, "tasks", chain.Tasks.Select(TaskLine));
        DecisionPrinter.Titled(terminal, "answerable", chain.Sponsors.Select(s => $"{s.Human.Text()} for {s.Agent.Text()}"));
        terminal.Line();
        terminal.Line($"[grey]revision {chain.Snapshot.Revision} at {chain.Snapshot.Instant.Text()}[/]");
    }

    /// <param name="presenter">Who presents the last hop, where the hop does not say.</param>
    public static void PrintHops(Terminal terminal, IReadOnlyList<HopReport> chain, ObjectReference? root, ObjectReference? presenter)
    {
        terminal.Line();
        terminal.Line("  [grey]chain[/]");
        int widestHop = chain.Max(hop => hop.Hop.Text().Length);
        int widestVerdict = chain.Max(hop => VerdictOf(hop).Length);
        terminal.Line($"    {Terminal.Safe(Named(chain[0].Delegator))}{(root is null ? "" : "  [grey]root[/]")}");
        for (int i = 0; i < chain.Count; i++)
        {
            HopReport hop = chain[i];
            bool last = i == chain.Count - 1;
            string verdict = $"[{Colour(hop.Verdict)}]{VerdictOf(hop).PadRight(widestVerdict)}[/]";
            string task = hop.Task is null ? "" : $"  {hop.Task.Text()}";
            terminal.Line($"     [grey]↓[/] {i + 1}  {Terminal.Safe(hop.Hop.Text().PadRight(widestHop))}  {verdict}  [grey]{Terminal.Safe(Window(hop) + task)}[/]");
            terminal.Line($"    {Terminal.Safe(Named(hop.Delegate ?? (last ? presenter : null)))}{(last && presenter is not null ? "  [grey]presenter[/]" : "")}");
        }
    }

    private static string TaskLine(TaskReport task)
    {
        string under = task.Parent is { } parent ? $" under {parent.Text()}" : "";
        string state = task.ClosedBy is { } closer ? $"closed by {closer.Text()}" : task.OpenedBy is { } opener ? $"opened by {opener.Text()}" : "not open";
        return $"{task.Task.Text()}{under}, {state}{(task.ClosedBy is null && task.EndsAt is { } end ? $", until {end.Text()}" : "")}";
    }

    private static string VerdictOf(HopReport hop) => hop.Verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.Broken => DenialText.Name(hop.Code),
        _ => "not reached",
    };

    private static string Colour(Verdict verdict) => verdict switch
    {
        Verdict.Holds => "green",
        Verdict.Broken => "red",
        _ => "grey",
    };

    private static string Window(HopReport hop) => (hop.NotBefore, hop.ExpiresAt) switch
    {
        (null, null) => "always",
        ({ } from, null) => $"from {from.Text()}",
        (null, { } until) => $"until {until.Text()}",
        ({ } from, { } until) => $"{from.Text()} to {until.Text()}",
    };

    private static string Named(ObjectReference? principal) => principal?.Text() ?? "?";
}
