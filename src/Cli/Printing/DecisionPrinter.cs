using AuthzGraph.Cli.Network;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Printing;

/// <summary>Shows a decision: outcome, question, the chain from the root down, and what it rests on.</summary>
internal static class DecisionPrinter
{
    public static void Print(Terminal terminal, CheckRequest question, CheckResponse response)
    {
        Decision decision = response.Decision;
        bool permitted = decision.Outcome == Outcome.Permitted;
        bool conditional = decision.Outcome == Outcome.Conditional;
        terminal.Line(decision.Outcome switch
        {
            Outcome.Permitted => $"[bold green]PERMITTED[/]{Until(decision)}",
            Outcome.Conditional => $"[bold yellow]CONDITIONAL[/] [yellow]on {Terminal.Safe(string.Join(", ", decision.MissingContext))}[/]",
            _ => $"[bold red]DENIED[/] [red]{DenialText.Name(decision.Code)}[/]{Where(decision)}",
        });
        terminal.Line($"  {Terminal.Safe(Sentence(question, permitted))}{(conditional ? " unless the context says so: give it with --context" : "")}");
        if (!permitted && !conditional) terminal.Line($"  {Terminal.Safe(DenialText.Of(decision.Code))}");
        if (decision.Explanation is { } explanation) PrintWhy(terminal, question, explanation);
        if (question.SeekRemedies && decision.Outcome == Outcome.Denied) Titled(terminal, "what would make it a yes", RemedyText.Of(decision));
        terminal.Line();
        terminal.Line($"[grey]revision {response.Snapshot.Revision} at {response.Snapshot.Instant.Text()}{(permitted ? "" : Unless(decision))}[/]");
    }

    private static string Until(Decision decision) => decision.ValidUntil is { } end ? $" [grey]until {end.Text()}[/]" : "";

    private static string Unless(Decision decision) =>
        decision.ValidUntil is { } end ? $"; without a write nothing changes before {end.Text()}" : "; nothing changes without a write";

    private static string Where(Decision decision)
    {
        string hop = decision.Hop > 0 ? $" at hop {decision.Hop}" : "";
        return decision.Object is { } about ? $"{hop}: [bold]{Terminal.Safe(about.Text())}[/]" : hop;
    }

    private static string Sentence(CheckRequest question, bool permitted)
    {
        string text = $"{question.Subject.Text()} {(permitted ? "may" : "may not")} {question.Permission} {question.Resource.Text()}";
        if (question.Acting?.Delegation is { } delegation) text += $" by {delegation.Text()}";
        if (question.Acting?.OnBehalfOf is { } root) text += $" on behalf of {root.Text()}";
        if (question.Acting?.Task is { } task) text += $" for {task.Text()}";
        return text;
    }

    private static void PrintWhy(Terminal terminal, CheckRequest question, Explanation explanation)
    {
        if (explanation.FailedFact is { } fact) Titled(terminal, "because of", [fact.Text()]);
        if (explanation.Chain.Count > 0) ChainPrinter.PrintHops(terminal, [.. explanation.Chain], explanation.Root, question.Subject.Object);
        Titled(terminal, "proof", explanation.Witness.Select(WireText.Text));
        Titled(terminal, "answerable", explanation.Sponsors.Select(s => $"{s.Human.Text()} for {s.Agent.Text()}"));
    }

    public static void Titled(Terminal terminal, string title, IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        if (all.Length == 0) return;
        terminal.Line();
        terminal.Line($"  [grey]{title}[/]");
        foreach (string line in all) terminal.Line($"    {Terminal.Safe(line)}");
    }
}
