namespace AuthzGraph.Cli.Printing;

/// <summary>Shows what a write did and the token to read it by.</summary>
internal static class WritePrinter
{
    public static void Print(Terminal terminal, string done, ulong revision, string token)
    {
        terminal.Line($"[green]{Terminal.Safe(done)}[/] at revision {revision}");
        terminal.Line($"[grey]token {Terminal.Safe(token)}[/]");
    }
}
