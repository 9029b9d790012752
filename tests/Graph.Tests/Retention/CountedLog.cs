using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>How often numbers of names and caveats were given out again: so that a test that is about it knows that it happened.</summary>
internal sealed class NumberCounts
{
    private readonly Dictionary<(LogEntryKind, uint Type, uint Number), string> _texts = [];
    private readonly Dictionary<(LogEntryKind, uint Type, string Text), uint> _numbers = [];

    /// <summary>Numbers that had stood for another name.</summary>
    public int Names { get; private set; }

    /// <summary>Numbers that had stood for another caveat.</summary>
    public int Caveats { get; private set; }

    /// <summary>Names and caveats that came back under another number than they had had.</summary>
    public int Moved { get; private set; }

    /// <summary>Of these, those whose old number stood for something else by then.</summary>
    public int MovedFromTaken { get; private set; }

    /// <summary>Another store comes; what was counted stays.</summary>
    public void Forget()
    {
        _texts.Clear();
        _numbers.Clear();
    }

    public void Note(LogTransaction transaction)
    {
        foreach (LogEntry entry in transaction.Entries)
        {
            if (entry.Kind == LogEntryKind.ObjectName) Note(entry.Kind, entry.Id, entry.Resource, entry.Text);
            if (entry.Kind == LogEntryKind.CaveatContext) Note(entry.Kind, 0, entry.Id, entry.Text);
        }
    }

    public override string ToString() => $"numbers given out again: {Names} of names, {Caveats} of caveats; back under others: {Moved}, the old one taken: {MovedFromTaken}";

    private void Note(LogEntryKind kind, uint type, uint number, string text)
    {
        if (_texts.TryGetValue((kind, type, number), out string? before) && before != text)
        {
            if (kind == LogEntryKind.ObjectName) Names++;
            else Caveats++;
        }
        if (_numbers.TryGetValue((kind, type, text), out uint old) && old != number)
        {
            Moved++;
            if (_texts[(kind, type, old)] != text) MovedFromTaken++;
        }
        _texts[(kind, type, number)] = text;
        _numbers[(kind, type, text)] = number;
    }
}

/// <summary>A log of which what is appended is counted.</summary>
internal sealed class CountedLog(ITransactionLog log, NumberCounts counts) : ITransactionLog
{
    public StoreIdentity Identity => log.Identity;
    public Exception? Failure => log.Failure;
    public Task<Exception> Failed => log.Failed;
    public LogFigures Figures => log.Figures;
    public Instant ReservedInstant => log.ReservedInstant;
    public ICheckpoint Checkpoint => log.Checkpoint;
    public Revision Oldest => log.Oldest;

    public void Replay(Action<LogTransaction> apply) => log.Replay(apply);

    public IEnumerable<LogTransaction> ReadFrom(Revision first) => log.ReadFrom(first);

    public IEnumerable<LogTransaction> ReadBack(CancellationToken cancellation) => log.ReadBack(cancellation);

    public ValueTask<long> AppendAsync(LogTransaction transaction, CancellationToken cancellation)
    {
        counts.Note(transaction);
        return log.AppendAsync(transaction, cancellation);
    }

    public ValueTask WaitDurableAsync(long position) => log.WaitDurableAsync(position);

    public ValueTask<StoreBackup> BackupAsync(CancellationToken cancellation) => log.BackupAsync(cancellation);

    public void ReserveInstant(Instant until) => log.ReserveInstant(until);

    public ValueTask DisposeAsync() => log.DisposeAsync();
}
