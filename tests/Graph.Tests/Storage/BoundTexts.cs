using AuthzGraph.Graph.Storage;

namespace AuthzGraph.Graph.Tests.Storage;

/// <summary>
/// What numbers stand for after some transactions. Bound again they get one of few texts; of one that stands elsewhere, that number gets
/// another first, so that no number is ever left without a text, as a writer leaves none that an edge mentions.
/// </summary>
internal sealed class BoundTexts
{
    private const int MoreTexts = 4;

    private readonly Dictionary<(LogEntryKind Kind, uint Type), SortedDictionary<uint, string>> _texts = [];

    public BoundTexts(IReadOnlyList<LogTransaction> before)
    {
        foreach (LogEntry entry in before.SelectMany(transaction => transaction.Entries)) Note(entry);
    }

    public IEnumerable<LogEntry> Rebind(Random random, LogEntryKind kind, uint type, uint number)
    {
        SortedDictionary<uint, string> bound = _texts[(kind, type)];
        string text = $"text {random.Next(bound.Count + MoreTexts)}";
        if (bound[number] == text) return [];
        uint taken = bound.FirstOrDefault(b => b.Value == text).Key;
        List<LogEntry> entries = taken == 0 ? [] : [Entry(kind, type, taken, Unused(random, bound))];
        entries.Add(Entry(kind, type, number, text));
        entries.ForEach(Note);
        return entries;
    }

    private static string Unused(Random random, SortedDictionary<uint, string> bound)
    {
        string[] unused = [.. Enumerable.Range(0, bound.Count + MoreTexts).Select(i => $"text {i}").Except(bound.Values)];
        return unused[random.Next(unused.Length)];
    }

    private static LogEntry Entry(LogEntryKind kind, uint type, uint number, string text) =>
        kind == LogEntryKind.ObjectName ? LogEntry.ObjectName(type, number, text) : LogEntry.CaveatContext(number, text);

    private void Note(LogEntry entry)
    {
        if (entry.Kind is not (LogEntryKind.ObjectName or LogEntryKind.CaveatContext)) return;
        (uint type, uint number) = entry.Kind == LogEntryKind.ObjectName ? (entry.Id, entry.Resource) : (0, entry.Id);
        if (!_texts.TryGetValue((entry.Kind, type), out SortedDictionary<uint, string>? bound)) _texts[(entry.Kind, type)] = bound = [];
        bound[number] = entry.Text;
    }
}
