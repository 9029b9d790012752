using System.Runtime.InteropServices;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Writing;

/// <summary>
/// Collects what one transaction changes: applies it to the index under its revision, which no reader sees before it is
/// published, and lists it for the log, new names and edge types before their first use.
/// </summary>
/// <param name="found">Room for what the updates are about; empty.</param>
internal sealed class TransactionBuilder(GraphIndex index, Revision revision, Instant committedAt, List<FoundEdge> found)
{
    private readonly EntryList _entries = new();
    private RoomForNames? _room;
    private bool _reuses;

    public bool IsEmpty => _entries.Count == 0;
    public LogTransaction Transaction => new(revision, committedAt, _entries);

    public void Schema(string text) => _entries.Add(LogEntry.Schema(text));

    public void Metadata(string json) => _entries.Add(LogEntry.Metadata(json));

    public void IdempotencyKey(string key, ulong digest) => _entries.Add(LogEntry.IdempotencyKey(key, digest));

    /// <summary>Rejects updates of which one could not be done, and otherwise does what is left to do of each.</summary>
    public void Update(BoundSchema bound, List<ResolvedUpdate> updates)
    {
        ReadOnlySpan<ResolvedUpdate> all = CollectionsMarshal.AsSpan(updates);
        UpdatesAhead ahead = new(bound, all);
        for (int i = 0; i < all.Length; i++)
        {
            ahead.Names(i);
            Expect(bound, all[i], all.Length);
        }
        Span<FoundEdge> edges = CollectionsMarshal.AsSpan(found);
        for (int i = 0; i < all.Length; i++) Name(bound, all[i], ref edges[i]);
        for (int i = 0; i < all.Length; i++)
        {
            ahead.Places(i, edges);
            Update(bound, all[i], edges[i]);
        }
    }

    private void Expect(BoundSchema bound, in ResolvedUpdate update, int updates)
    {
        FoundEdge edge = Find(bound, update);
        found.Add(edge);
        if (update.Kind == UpdateKind.Delete) return;
        if (update.Kind == UpdateKind.Create && edge.IsThere && committedAt < edge.Before.Window.ExpiresAt) throw Rejections.AlreadyExists(update.Tuple);
        if (Start(update.Window, edge).IsEmpty) throw Rejections.EndsBeforeCommit(update.Tuple, committedAt);
        ExpectRoom(bound, update, edge, updates);
    }

    /// <summary>There are numbers for what is new, before anything is given one.</summary>
    private void ExpectRoom(BoundSchema bound, in ResolvedUpdate update, in FoundEdge edge, int updates)
    {
        if (edge.Resource == 0 && RoomForNames.IsScarce(bound[update.ResourceType.Id], updates))
            (_room ??= new RoomForNames()).Expect(bound[update.ResourceType.Id], update.Tuple.Resource.Id);
        if (edge.Subject == 0 && update.EdgeType.Kind != SubjectKind.Wildcard && RoomForNames.IsScarce(bound[update.EdgeType.SubjectType], updates))
            (_room ??= new RoomForNames()).Expect(bound[update.EdgeType.SubjectType], update.Tuple.Subject.Object.Id);
        if (update.Caveat is { } caveat && RoomForNames.IsScarce(index.Caveats, updates)) (_room ??= new RoomForNames()).Expect(index.Caveats, caveat);
    }

    /// <summary>Gives the ends of an edge that is to come their numbers, before any edge is written: so the log has them together.</summary>
    private void Name(BoundSchema bound, in ResolvedUpdate update, ref FoundEdge edge)
    {
        if (update.Kind == UpdateKind.Delete || edge.IsThere) return;
        bool isWildcard = update.EdgeType.Kind == SubjectKind.Wildcard;
        uint resource = edge.Resource != 0 ? edge.Resource : Number(bound[update.ResourceType.Id], update.ResourceHash, update.Tuple.Resource.Id);
        uint subject = edge.Subject != 0 || isWildcard
            ? edge.Subject
            : Number(bound[update.EdgeType.SubjectType], update.SubjectHash, update.Tuple.Subject.Object.Id);
        edge = edge with { Resource = resource, Subject = subject };
    }

    private void Update(BoundSchema bound, in ResolvedUpdate update, in FoundEdge edge)
    {
        EdgeStore store = bound[update.EdgeType.Id];
        EdgeVersion before = edge.Before;
        if (update.Kind == UpdateKind.Delete)
        {
            if (edge.IsThere) Apply(LogEntry.Remove(store.LogNumber, before.Resource, before.Subject, before.Window, before.Caveat));
            return;
        }
        Window window = Start(update.Window, edge);
        uint caveat = Number(update.Caveat);
        if (edge.IsThere && before.Window == window && before.Caveat == caveat) return;
        Enlist(store);
        Apply(edge.IsThere
            ? LogEntry.Replace(store.LogNumber, edge.Resource, edge.Subject, window, caveat, before.Window, before.Caveat)
            : LogEntry.Put(store.LogNumber, edge.Resource, edge.Subject, window, caveat));
    }

    /// <summary>The edge an update is about, as the newest revision has it.</summary>
    private static FoundEdge Find(BoundSchema bound, in ResolvedUpdate update)
    {
        bool isWildcard = update.EdgeType.Kind == SubjectKind.Wildcard;
        uint resource = bound[update.ResourceType.Id].Find(update.ResourceHash, update.Tuple.Resource.Id);
        uint subject = isWildcard ? EdgeStore.Wildcard : bound[update.EdgeType.SubjectType].Find(update.SubjectHash, update.Tuple.Subject.Object.Id);
        EdgeVersion before = default;
        bool isThere = resource != 0 && (subject != 0 || isWildcard) && bound[update.EdgeType.Id].TryFind(resource, subject, ulong.MaxValue - 1, out before);
        return new FoundEdge(resource, subject, isThere, before);
    }

    /// <summary>An end without a start starts at the commit; a touch that leaves the end alone keeps the start (DESIGN §2).</summary>
    private Window Start(Window asked, in FoundEdge edge)
    {
        if (asked.NotBefore.IsFinite || !asked.ExpiresAt.IsFinite) return asked;
        return asked with { NotBefore = edge.IsThere && edge.Before.Window.ExpiresAt == asked.ExpiresAt ? edge.Before.Window.NotBefore : committedAt };
    }

    private uint Number(NameTable names, ulong hash, string id)
    {
        if (index.Enlist(names)) _entries.Add(LogEntry.ObjectType(names.LogNumber, names.Type));
        uint number = names.Add(hash, id, out bool added, out bool reused);
        if (reused) Reuse();
        if (added) _entries.Add(LogEntry.ObjectName(names.LogNumber, number, id));
        return number;
    }

    private uint Number(CaveatRef? caveat)
    {
        if (caveat is not { } given) return 0;
        uint number = index.Caveats.Add(given, out bool added, out bool reused);
        if (reused) Reuse();
        if (added) _entries.Add(LogEntry.CaveatContext(number, given.ToString()));
        return number;
    }

    /// <summary>After a restart, nothing from before the number's first life may be read; the entry comes before the number's.</summary>
    private void Reuse()
    {
        if (!_reuses) _entries.Add(LogEntry.Horizon(index.Horizon.Revision, index.Horizon.Instant));
        _reuses = true;
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

/// <summary>What there is of an edge before a transaction: the numbers of its ends, 0 for names not given out, and its version.</summary>
internal readonly record struct FoundEdge(uint Resource, uint Subject, bool IsThere, EdgeVersion Before);
