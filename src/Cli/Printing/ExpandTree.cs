using AuthzGraph.Cli.Network;
using AuthzGraph.Protocol.V1;
using Spectre.Console;
using Kind = AuthzGraph.Protocol.V1.ExpandNode.Types.Kind;

namespace AuthzGraph.Cli.Printing;

/// <summary>Draws an expanded permission: each step says how its branches combine, leaves list their subjects.</summary>
internal static class ExpandTree
{
    public static Tree Of(ExpandNode root)
    {
        Tree tree = new(Label(root));
        AddBranches(tree, root);
        return tree;
    }

    private static void AddBranches(IHasTreeNodes parent, ExpandNode node)
    {
        foreach (ExpandNode child in node.Children) AddBranch(parent, node, child);
        foreach (SubjectReference subject in node.Subjects) parent.AddNode($"[green]{Terminal.Safe(subject.Text())}[/]");
    }

    // An arrow inside an expression is a step of its own that bears its owner's name; with one branch it says nothing.
    private static void AddBranch(IHasTreeNodes parent, ExpandNode node, ExpandNode child)
    {
        bool saysNothing = child.Children.Count == 1 && child.Resource.Equals(node.Resource) && child.Relation == node.Relation;
        if (saysNothing) AddBranch(parent, child, child.Children[0]);
        else AddBranches(parent.AddNode(Label(child)), child);
    }

    private static string Label(ExpandNode node)
    {
        string name = $"[bold]{Terminal.Safe(node.Resource.Text())}#{Terminal.Safe(node.Relation)}[/]";
        string how = node switch
        {
            { Children.Count: 0, Subjects.Count: 0 } => "nobody",
            { Kind: Kind.Union, Children.Count: > 1 } => "any of",
            { Kind: Kind.Intersection, Children.Count: > 1 } => "all of",
            { Kind: Kind.Exclusion } => "the first without the second",
            _ => "",
        };
        return how.Length == 0 ? name : $"{name} [grey]{how}[/]";
    }
}
