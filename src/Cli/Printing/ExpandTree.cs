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
        foreach (ExpandNode child in node.Children) AddBranches(parent.AddNode(Label(child)), child);
        foreach (SubjectReference subject in node.Subjects) parent.AddNode($"[green]{Terminal.Safe(subject.Text())}[/]");
    }

    private static string Label(ExpandNode node)
    {
        string name = $"[bold]{Terminal.Safe(node.Resource.Text())}#{Terminal.Safe(node.Relation)}[/]";
        string how = node.Kind switch
        {
            Kind.Union when node.Children.Count != 1 => "any of",
            Kind.Intersection => "all of",
            Kind.Exclusion => "the first without the second",
            Kind.Leaf when node.Subjects.Count == 0 => "nobody",
            _ => "",
        };
        return how.Length == 0 ? name : $"{name} [grey]{how}[/]";
    }
}
