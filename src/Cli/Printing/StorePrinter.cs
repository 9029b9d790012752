using System.CommandLine;
using System.Globalization;
using AuthzGraph.Cli.Commands;
using AuthzGraph.Graph;

namespace AuthzGraph.Cli.Printing;

/// <summary>What is to be said of a store's directory.</summary>
internal static class StorePrinter
{
    public static void Print(Terminal terminal, VerificationReport report)
    {
        foreach (string proved in report.Proved) terminal.Line($"[green]holds[/]    {Terminal.Safe(proved)}");
        foreach (StoreFinding finding in report.Findings.OrderBy(finding => finding.IsDamage))
            terminal.Line($"{(finding.IsDamage ? "[red]DAMAGED[/] " : "[grey]note[/]    ")} {Terminal.Safe(Place(finding))}: {Terminal.Safe(finding.Problem)}");
        int damaged = report.Findings.Count(finding => finding.IsDamage);
        terminal.Line(damaged == 0 ? $"[green]WHOLE[/] up to revision {report.Revision}" : $"[red]DAMAGED[/] in {Count(damaged, "place")}");
    }

    public static object Json(VerificationReport report) => new
    {
        whole = report.IsWhole,
        revision = report.Revision.Value,
        proved = report.Proved,
        findings = report.Findings.Select(finding => new { finding.IsDamage, finding.File, finding.Offset, finding.Problem }),
    };

    public static void Print(Surroundings around, ParseResult parsed, string done, string directory, CopyReceipt receipt)
    {
        string? at = receipt.CommittedAt?.ToString();
        if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.Of(new { directory, revision = receipt.Revision.Value, committedAt = at, receipt.Timeline, receipt.Bytes }));
        else around.Terminal.Line($"[green]{done} and verified[/] up to revision {receipt.Revision}{(at is null ? "" : $", committed at {at}")}: {Terminal.Safe(directory)}, {Bytes(receipt.Bytes)}");
    }

    public static void Print(Terminal terminal, StoreFigures figures)
    {
        Line("store", $"{figures.Store}, format {figures.Format}, timeline {figures.Timeline}{(figures.IsBackup ? ", a backup" : "")}");
        Line("revision", figures.CommittedAt is { } at ? $"{figures.Revision}, committed at {at}" : "0, nothing was written yet");
        Line("history", $"changes from revision {figures.OldestRevision} on; restorable from revision {figures.OldestRestorable?.ToString() ?? "none"}");
        Line("relationships", $"{Number(figures.Tuples)}, with {Number(figures.Names)} names");
        Line("on disk", $"{Bytes(figures.Bytes)}{(figures.BytesPerTuple is { } each ? $", {each.ToString("0.0", CultureInfo.InvariantCulture)} bytes for a relationship" : "")}");
        Line("log", $"{Bytes(figures.LogBytes)} in {Count(figures.Segments, "segment")}, {Bytes(figures.LogFilled)} of it filled");
        foreach (CheckpointFigures checkpoint in figures.Checkpoints)
            Line("checkpoint", $"{checkpoint.Number}: revision {checkpoint.Revision} of {checkpoint.CommittedAt}, {Number(checkpoint.Tuples)} relationships, {Bytes(checkpoint.Bytes)}");
        if (figures.Checkpoints.IsEmpty) Line("checkpoint", "none yet");

        void Line(string name, string text) => terminal.Line($"[grey]{name,-14}[/] {Terminal.Safe(text)}");
    }

    public static object Json(StoreFigures figures) => new
    {
        figures.Format,
        figures.Store,
        figures.Timeline,
        figures.IsBackup,
        revision = figures.Revision.Value,
        committedAt = figures.CommittedAt?.ToString(),
        oldestRevision = figures.OldestRevision.Value,
        oldestRestorable = figures.OldestRestorable?.Value,
        figures.Tuples,
        figures.Names,
        figures.Bytes,
        figures.BytesPerTuple,
        figures.Segments,
        figures.LogBytes,
        figures.LogFilled,
        checkpoints = figures.Checkpoints.Select(checkpoint => new
        {
            checkpoint.Number, revision = checkpoint.Revision.Value, committedAt = checkpoint.CommittedAt.ToString(), checkpoint.Bytes, checkpoint.Tuples, checkpoint.Names,
        }),
    };

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => $"{bytes} bytes",
        < 1 << 20 => $"{(bytes / 1024.0).ToString("0.0", CultureInfo.InvariantCulture)} KiB",
        < 1L << 30 => $"{(bytes / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture)} MiB",
        _ => $"{(bytes / 1073741824.0).ToString("0.0", CultureInfo.InvariantCulture)} GiB",
    };

    private static string Place(StoreFinding finding) => finding.Offset is { } offset ? $"{finding.File} at byte {offset}" : finding.File;
}
