using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Writing;

/// <summary>
/// Collects what one transaction changes: applies it to the index under its revision, which no reader sees before it is
/// published, and lists it for the log, new names and edge types before their first use.
/// </summary>
internal sealed class TransactionBuilder(GraphIndex index, Revision revision, Instant committedAt)
{
    private readonly List<LogEntry> _entries = [];

    public bool IsEmpty => _entries.Count == 0;
    public LogTransaction Transaction => new(revision, committedAt, _entries);

    public void Schema(string text) => _entries.Add(LogEntry.Schema(text));

    public void Metadata(string json) => _entries.Add(LogEntry.Metadata(json));

    public void IdempotencyKey(string key, ulong digest) => _entries.Add(LogEntry.IdempotencyKey(key, digest));

    /// <summary>Rejects an update that could not be done; nothing is changed yet.</summary>
    public void Expect(BoundSchema bound, in ResolvedUpdate update)
    {
        bool found = TryFind(bound, update, bound[update.EdgeType.Id], out EdgeVersion before);
        if (update.Kind == UpdateKind.Delete) return;
        if (update.Kind == UpdateKind.Create && found && committedAt < before.Window.ExpiresAt) throw Rejections.AlreadyExists(update.Tuple);
        if (Start(update.Window, found ? before.Window : null).IsEmpty) throw Rejections.EndsBeforeCommit(update.Tuple, committedAt);
    }

    /// <summary>Does what the update asks for, if anything is left to do. Every update of the transaction was expected first.</summary>
    public void Update(BoundSchema bound, in ResolvedUpdate update)
    {
        EdgeStore store = bound[update.EdgeType.Id];
        bool found = TryFind(bound, update, store, out EdgeVersion before);
        if (update.Kind == UpdateKind.Delete)
        {
            if (found) Apply(LogEntry.Remove(store.LogNumber, before.Resource, before.Subject, before.Window, before.Caveat));
            return;
        }
        Window window = Start(update.Window, found ? before.Window : null);
        uint caveat = Number(update.Caveat);
        if (found && before.Window == window && before.Caveat == caveat) return;
        Enlist(store);
        uint resource = Number(bound[update.ResourceType.Id], update.Tuple.Resource.Id);
        uint subject = update.EdgeType.Kind == SubjectKind.Wildcard ? EdgeStore.Wildcard : Number(bound[update.EdgeType.SubjectType], update.Tuple.Subject.Object.Id);
        Apply(found
            ? LogEntry.Replace(store.LogNumber, resource, subject, window, caveat, before.Window, before.Caveat)
            : LogEntry.Put(store.LogNumber, resource, subject, window, caveat));
    }

    /// <summary>The edge an update is about, as the newest revision has it.</summary>
    private static bool TryFind(BoundSchema bound, in ResolvedUpdate update, EdgeStore store, out EdgeVersion edge)
    {
        uint resource = bound[update.ResourceType.Id].Find(update.Tuple.Resource.Id);
        uint subject = update.EdgeType.Kind == SubjectKind.Wildcard ? EdgeStore.Wildcard : bound[update.EdgeType.SubjectType].Find(update.Tuple.Subject.Object.Id);
        edge = default;
        bool named = resource != 0 && (subject != 0 || update.EdgeType.Kind == SubjectKind.Wildcard);
        return named && store.TryFind(resource, subject, ulong.MaxValue - 1, out edge);
    }

    /// <summary>An end without a start starts at the commit; a touch that leaves the end alone keeps the start (DESIGN §2).</summary>
    private Window Start(Window asked, Window? before)
    {
        if (asked.NotBefore.IsFinite || !asked.ExpiresAt.IsFinite) return asked;
        return asked with { NotBefore = before is { } old && old.ExpiresAt == asked.ExpiresAt ? old.NotBefore : committedAt };
    }

    private uint Number(NameTable names, string id)
    {
        if (index.Enlist(names)) _entries.Add(LogEntry.ObjectType(names.LogNumber, names.Type));
        uint number = names.Add(id, out bool added);
        if (added) _entries.Add(LogEntry.ObjectName(names.LogNumber, number, id));
        return number;
    }

    private uint Number(CaveatRef? caveat)
    {
        if (caveat is not { } given) return 0;
        uint number = index.Caveats.Add(given, out bool added);
        if (added) _entries.Add(LogEntry.CaveatContext(number, given.ToString()));
        return number;
    }

    private void Enlist(EdgeStore store)
    {
        if (index.Enlist(store)) _entries.Add(LogEntry.EdgeType(store.LogNumber, store.Text));
    }

    private void Apply(LogEntry entry)
    {
        index.Apply(revision, entry);
        _entries.Add(entry);
    }
}
