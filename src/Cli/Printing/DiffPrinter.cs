using System.Collections.Immutable;
using AuthzGraph.Cli.Network;
using AuthzGraph.Protocol.V1;
using AuthzGraph.SchemaCompiler.Changes;
using Local = AuthzGraph.SchemaCompiler.Changes.SchemaChange;

namespace AuthzGraph.Cli.Printing;

/// <summary>A diff as it is shown, from two files or from a server.</summary>
internal sealed record ShownDiff(ImmutableArray<ShownChange> Changes, ImmutableArray<ShownViolation> Violations)
{
    public static readonly ShownDiff Empty = new([], []);

    /// <summary>Whether somebody may do more afterwards, or it can't be told.</summary>
    public bool Widens => Changes.Any(change => change.Widening != Widening.No);

    public static ShownDiff Of(IEnumerable<Local> changes) =>
        new([.. changes.Select(c => new ShownChange($"{c.Kind}", c.Definition, c.Member, c.Before, c.After, c.Widening, c.Why, c.Sentence))], []);

    public static ShownDiff Of(DiffSchemaResponse wire) =>
        new([.. wire.Changes.Select(Of)], [.. wire.Violations.Select(v => new ShownViolation(v.Change, v.Relationships, v.Example.Text()))]);

    // a widening this version does not know is one it can't tell about
    private static ShownChange Of(Protocol.V1.SchemaChange wire) => new(
        $"{wire.Kind}", wire.Definition, Given(wire.Member), wire.HasBefore ? wire.Before : null, wire.HasAfter ? wire.After : null,
        Enum.TryParse($"{wire.Widening}", out Widening widening) ? widening : Widening.May, Given(wire.Why), wire.Sentence);

    private static string? Given(string text) => text.Length == 0 ? null : text;
}

internal sealed record ShownChange(
    string Kind, string Definition, string? Member, string? Before, string? After, Widening Widening, string? Why, string Sentence);

internal sealed record ShownViolation(string Change, ulong Relationships, string Example);

/// <summary>Shows a diff: one line a change, what widens marked, and below what stored relationships do not allow.</summary>
internal static class DiffPrinter
{
    public static void Print(Terminal terminal, ShownDiff diff)
    {
        foreach (ShownChange change in diff.Changes) terminal.Line($"{Mark(change.Widening)} {Terminal.Safe(change.Sentence)}{Why(change)}");
        foreach (ShownViolation violation in diff.Violations)
        {
            terminal.Line($"[red]✗[/] {Terminal.Safe(violation.Change)}, because {Counted(violation.Relationships)} with it");
            terminal.Line($"    [grey]for example[/] {Terminal.Safe(violation.Example)}");
        }
        terminal.Line(Sum(diff));
    }

    private static string Mark(Widening widening) => widening switch
    {
        Widening.No => "[grey]·[/]",
        Widening.May => "[yellow]?[/]",
        _ => "[red]![/]",
    };

    private static string Why(ShownChange change) => change.Why is not { } why ? ""
        : change.Widening == Widening.Yes ? $" [red]widens authority[/]: {Terminal.Safe(why)}"
        : $" [yellow]may widen authority[/]: {Terminal.Safe(why)}";

    private static string Sum(ShownDiff diff)
    {
        if (diff.Changes.IsEmpty && diff.Violations.IsEmpty) return "nothing changes";
        string text = $"{diff.Changes.Length} {(diff.Changes.Length == 1 ? "change" : "changes")}";
        text += $", {diff.Changes.Count(c => c.Widening == Widening.Yes)} widen authority, {diff.Changes.Count(c => c.Widening == Widening.May)} may";
        return diff.Violations.IsEmpty ? text : $"{text}; [red]stored relationships do not allow it[/]";
    }

    private static string Counted(ulong relationships) => relationships == 1 ? "1 relationship exists" : $"{relationships} relationships exist";
}
