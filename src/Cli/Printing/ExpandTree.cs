using AuthzGraph.Cli.Network;
using AuthzGraph.Protocol.V1;
using Spectre.Console;
using Kind = AuthzGraph.Protocol.V1.Expansion.Types.Kind;

namespace AuthzGraph.Cli.Printing;

/// <summary>Draws an expanded permission: each part says how its branches combine, leaves list their subjects.</summary>
internal static class ExpandTree
{
    public static Tree Of(Expansion root)
    {
        Tree tree = new(Label(root));
        AddBranches(tree, root);
        return tree;
    }

    private static void AddBranches(IHasTreeNodes parent, Expansion part)
    {
        foreach (Expansion child in part.Children) AddBranch(parent, part, child);
        foreach (ExpandedSubject found in part.Subjects) AddSubject(parent, found);
    }

    // An arrow inside an expression is a part of its own that bears its owner's name; with one branch it says nothing.
    private static void AddBranch(IHasTreeNodes parent, Expansion part, Expansion child)
    {
        bool saysNothing = child.Children.Count == 1 && child.Resource.Equals(part.Resource) && child.Relation == part.Relation;
        if (saysNothing) AddBranch(parent, child, child.Children[0]);
        else AddBranches(parent.AddNode(Label(child)), child);
    }

    private static void AddSubject(IHasTreeNodes parent, ExpandedSubject found)
    {
        string barred = found.Barred == DenialCode.Unspecified ? "" : $" [red]{DenialText.Name(found.Barred)}[/]";
        IHasTreeNodes branch = parent.AddNode($"[green]{Terminal.Safe(found.Subject.Text())}[/]{Condition(found.Relationship)}{barred}");
        if (found.Members is not { } members) return;
        if (members.Cycle) branch.AddNode("[grey]as above[/]");
        AddBranches(branch, members);
    }

    private static string Label(Expansion part)
    {
        string name = $"[bold]{Terminal.Safe(part.Resource.Text())}#{Terminal.Safe(part.Relation)}[/]{Condition(part.Through)}";
        string how = part switch
        {
            { Cycle: true } => "as above",
            { Children.Count: 0, Subjects.Count: 0 } => "nobody",
            { Kind: Kind.Union, Children.Count: > 1 } => "any of",
            { Kind: Kind.Intersection, Children.Count: > 1 } => "all of",
            { Kind: Kind.Exclusion } => "the first without the second",
            _ => "",
        };
        return how.Length == 0 ? name : $"{name} [grey]{how}[/]";
    }

    private static string Condition(Relationship? through)
    {
        string caveat = through?.Caveat is { } condition ? $" [yellow]if {Terminal.Safe(condition.Name)}{Terminal.Safe(condition.Context is { } context ? JsonText.OfLine(context) : "")}[/]" : "";
        return through?.ExpiresAt is { } end ? $"{caveat} [grey]until {end.Text()}[/]" : caveat;
    }
}
