using AuthzGraph.Cli.Network;
using AuthzGraph.Protocol.V1;
using ChangeKind = AuthzGraph.Protocol.V1.RelationshipChange.Types.Kind;
using Told = AuthzGraph.Protocol.V1.WatchRelationshipsResponse.ToldOneofCase;
using WindowKind = AuthzGraph.Protocol.V1.WindowChange.Types.Kind;

namespace AuthzGraph.Cli.Printing;

/// <summary>What a watch tells: revision, what happened, to what.</summary>
internal static class WatchPrinter
{
    public static void Print(Terminal terminal, WatchRelationshipsResponse told)
    {
        switch (told.ToldCase)
        {
            case Told.Changes:
                foreach (RelationshipChange change in told.Changes.Changes) Line($"{Word(change.Kind)} {Safe(change.Relationship)}{Before(change)}{Said(told)}");
                break;
            case Told.Windows:
                foreach (WindowChange change in told.Windows.Changes)
                    Line($"{(change.Kind == WindowKind.Opened ? "[green]opened [/]" : "[yellow]closed [/]")} {Safe(change.Relationship)}");
                break;
            case Told.Schema:
                Line($"[blue]schema [/] {told.Schema.SchemaDigest}");
                break;
            case Told.Checkpoint:
                Line($"[grey]so far  {told.Token}[/]");
                break;
        }

        void Line(string text) => terminal.Line($"[grey]{told.Revision,6}[/] {text}");
    }

    private static string Word(ChangeKind kind) => kind switch
    {
        ChangeKind.Created => "[green]created[/]",
        ChangeKind.Touched => "[yellow]touched[/]",
        _ => "[red]deleted[/]",
    };

    private static string Before(RelationshipChange change) => change.Before is null ? "" : $" [grey]was {Safe(change.Before)}[/]";

    private static string Said(WatchRelationshipsResponse told) => told.Metadata is null ? "" : $" [grey]{Terminal.Safe(JsonText.OfLine(told.Metadata))}[/]";

    private static string Safe(Relationship relationship) => Terminal.Safe(relationship.Text());
}
