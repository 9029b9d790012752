using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Storage;

/// <summary>Transactions for tests of logs, and what they look like as text.</summary>
internal static class Transactions
{
    /// <summary>Transaction number <paramref name="revision"/> with entries of every kind, whose texts add up to about <paramref name="textLength"/>.</summary>
    public static LogTransaction Random(Random random, ulong revision, int textLength = 40) =>
        new(new Revision(revision), InstantOf(revision), [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => RandomEntry(random, textLength))]);

    /// <summary>
    /// Transaction number <paramref name="revision"/> over few types, names and edges, so that they meet again: edges are replaced and
    /// removed, numbers given out again, windows end.
    /// </summary>
    /// <param name="before">The transactions before it: then names and caveats that went come back, under other numbers too.</param>
    public static LogTransaction Related(Random random, ulong revision, int entries = 8, IReadOnlyList<LogTransaction>? before = null)
    {
        List<LogEntry> list = [];
        BoundTexts? texts = before is null ? null : new BoundTexts(before);
        if (revision == 1) list.AddRange(Bindings());
        for (int i = random.Next(1, entries); i >= 0; i--) list.AddRange(RelatedEntries(random, revision, revision == 1 ? null : texts));
        return new LogTransaction(new Revision(revision), InstantOf(revision), list);
    }

    public static LogTransaction Small(ulong revision) =>
        new(new Revision(revision), InstantOf(revision), [LogEntry.ObjectName(1, (uint)revision, $"object-{revision}")]);

    public static LogTransaction OfText(ulong revision, string text) => new(new Revision(revision), InstantOf(revision), [LogEntry.Schema(text)]);

    public static Instant InstantOf(ulong revision) => new(1_800_000_000_000_000 + (long)revision * 1_000);

    public static string Text(LogTransaction transaction) =>
        $"{transaction.Revision} at {transaction.CommittedAt}: {string.Join("; ", transaction.Entries)}";

    public static string[] Texts(IEnumerable<LogTransaction> transactions) => [.. transactions.Select(Text)];

    public static List<LogTransaction> Replayed(this ITransactionLog log)
    {
        List<LogTransaction> transactions = [];
        log.Replay(transactions.Add);
        return transactions;
    }

    public static async Task AppendDurablyAsync(this ITransactionLog log, LogTransaction transaction) =>
        await log.WaitDurableAsync(await log.AppendAsync(transaction, CancellationToken.None));

    /// <summary>Three types and edge types, and something for every number that <see cref="RelatedEntries"/> mentions.</summary>
    private static IEnumerable<LogEntry> Bindings()
    {
        for (uint type = 1; type <= 3; type++)
        {
            yield return LogEntry.ObjectType(type, $"t{type}");
            yield return LogEntry.EdgeType(type, $"t{type}#r@t{type % 3 + 1}{(type == 2 ? ":*" : type == 3 ? "#r" : "")}");
            for (uint number = 1; number <= 12; number++) yield return LogEntry.ObjectName(type, number, $"first {number}");
        }
        for (uint number = 1; number <= 6; number++) yield return LogEntry.CaveatContext(number, $"first {number}");
    }

    private static IEnumerable<LogEntry> RelatedEntries(Random random, ulong revision, BoundTexts? texts)
    {
        (uint type, uint resource, uint subject) = (Few(3), Few(12), Few(12));
        Instant now = InstantOf(revision);
        Window window = random.Next(3) == 0 ? new Window(now, now.Plus(random.Next(1, 60_000))) : Window.Always;
        return random.Next(12) switch
        {
            0 => texts?.Rebind(random, LogEntryKind.ObjectName, type, resource) ?? [LogEntry.ObjectName(type, resource, $"{revision} {random.Next()}")],
            1 => texts?.Rebind(random, LogEntryKind.CaveatContext, 0, Few(6)) ?? [LogEntry.CaveatContext(Few(6), $"{revision} {random.Next()}")],
            2 => [LogEntry.Schema($"schema {revision} {new string('x', random.Next(300))}")],
            3 => [LogEntry.IdempotencyKey($"key {revision} {random.Next()}", (ulong)random.NextInt64())],
            4 or 5 => [LogEntry.Remove(type, resource, subject, Window.Always)],
            _ => [LogEntry.Put(type, resource, subject, window, random.Next(3) == 0 ? Few(6) : 0)],
        };

        uint Few(int count) => (uint)random.Next(1, count + 1);
    }

    private static LogEntry RandomEntry(Random random, int textLength) => random.Next(11) switch
    {
        0 => LogEntry.EdgeType(Number(random), RandomText(random, textLength)),
        1 => LogEntry.ObjectType(Number(random), RandomText(random, textLength)),
        2 => LogEntry.ObjectName(Number(random), Number(random), RandomText(random, textLength)),
        3 => LogEntry.Schema(RandomText(random, textLength)),
        4 => LogEntry.IdempotencyKey(RandomText(random, textLength), (ulong)random.NextInt64(long.MinValue, long.MaxValue)),
        5 => LogEntry.Put(Number(random), Number(random), Number(random), RandomWindow(random), Number(random)),
        6 => LogEntry.Replace(
            Number(random), Number(random), Number(random), RandomWindow(random), Number(random), RandomWindow(random), Number(random)),
        7 => LogEntry.Metadata(RandomText(random, textLength)),
        8 => LogEntry.CaveatContext(Number(random), RandomText(random, textLength)),
        9 => LogEntry.Horizon(new Revision((ulong)random.NextInt64(long.MinValue, long.MaxValue)), RandomInstant(random)),
        _ => LogEntry.Remove(Number(random), Number(random), Number(random), RandomWindow(random), Number(random)),
    };

    private static uint Number(Random random) => random.Next(4) switch
    {
        0 => 0,
        1 => uint.MaxValue,
        2 => (uint)random.Next(200),
        _ => (uint)random.NextInt64(uint.MaxValue),
    };

    private static Window RandomWindow(Random random) => new(RandomInstant(random), RandomInstant(random));

    private static Instant RandomInstant(Random random) => random.Next(6) switch
    {
        0 => Instant.Beginning,
        1 => Instant.Never,
        2 => new Instant(random.NextInt64(long.MinValue, long.MaxValue)),
        _ => InstantOf((ulong)random.Next(1_000_000)),
    };

    private static string RandomText(Random random, int length) =>
        string.Concat(Enumerable.Range(0, random.Next(length)).Select(_ => random.Next(10) == 0 ? "é🙂" : ((char)random.Next('\0', 128)).ToString()));
}
