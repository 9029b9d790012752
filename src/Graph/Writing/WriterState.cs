using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AuthzGraph.Graph.Importing;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Reading;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Writing;

/// <summary>
/// What the one writer knows: the newest revision, published or not, and what it takes to make the next. Every method
/// is called by one thread at a time.
/// </summary>
/// <param name="clock">No instant that it gives lies before one that somebody was told had passed.</param>
internal sealed class WriterState(GraphIndex index, Func<Instant> clock, Limits limits)
{
    private readonly List<FoundEdge> _found = [];
    private readonly IdempotencyKeys _keys = new(limits.Retention, limits.IdempotencyKeys);

    /// <summary>The newest revision: what the next request is validated against.</summary>
    public Published Newest { get; private set; } = new(new Revision(0), Instant.Beginning, null);

    /// <summary>The idempotency keys that are remembered, in any order.</summary>
    public IEnumerable<StoredKey> Keys => _keys.All;

    /// <summary>Takes over what the store's checkpoint holds; the log goes on from there. Not called where there is none.</summary>
    /// <returns>The schemas that history needs, oldest first; the last is in force.</returns>
    public IReadOnlyList<StoredSchema> Load(ICheckpoint checkpoint)
    {
        CheckpointLoading loaded = new(index);
        checkpoint.Load(loaded);
        BoundSchema? bound = loaded.Schemas is [.., var inForce] ? index.Bind(Compile(inForce.Text)) : null;
        Newest = new Published(loaded.Revision, loaded.CommittedAt, bound);
        foreach (StoredKey key in loaded.Keys) _keys.Add(key.Text, key.Digest, new Published(key.Revision, key.CommittedAt, null));
        return loaded.Schemas;
    }

    /// <summary>Takes over a transaction that the log replays.</summary>
    /// <exception cref="StoreFailedException">The log is inconsistent.</exception>
    public Published Replay(LogTransaction transaction)
    {
        if (transaction.Revision != Newest.Revision.Next || transaction.CommittedAt <= Newest.CommittedAt)
            throw new StoreFailedException($"the log is inconsistent: revision {transaction.Revision} follows {Newest.Revision}");
        BoundSchema? bound = Newest.Bound;
        if (transaction.CommittedAt <= Forgotten()) index.Horizon.Advance(transaction.Revision, Instant.Beginning, Instant.Never);
        foreach (LogEntry entry in transaction.Entries)
        {
            if (entry.Kind == LogEntryKind.Schema) bound = index.Bind(Compile(entry.Text));
            else if (entry.Kind == LogEntryKind.Horizon) index.Horizon.Advance(new Revision(entry.Digest), entry.Window.NotBefore, Instant.Never);
            else index.Apply(transaction.Revision, entry);
        }
        Newest = new Published(transaction.Revision, transaction.CommittedAt, bound);
        foreach (LogEntry entry in transaction.Entries)
            if (entry.Kind == LogEntryKind.IdempotencyKey) _keys.Add(entry.Text, entry.Digest, Newest);
        return Newest;
    }

    /// <summary>Validates and applies a write; null when it changes nothing, and then <paramref name="result"/> is what it found.</summary>
    public LogTransaction? Write(WriteRequest request, out Published result)
    {
        Instant now = NextCommit();
        var remarks = new Remarks(request.MetadataJson, IdempotencyKeys.NameOf(request.IdempotencyScope, request.IdempotencyKey), () => Digest(request));
        if (IsDone(remarks, now, out result)) return null;
        BoundSchema bound = Bound;
        List<ResolvedUpdate> updates = Resolve(bound, request.Updates);
        ExpectPreconditions(bound, request.Preconditions, now);
        return Commit(bound, now, updates, request.Right, remarks, out result);
    }

    /// <summary>Writes a chunk of an import; null when it changes nothing.</summary>
    public LogTransaction? Import(ImportChunk chunk, WriteRight right, Remarks remarks, out Published result)
    {
        Instant now = NextCommit();
        BoundSchema bound = Bound;
        return IsDone(remarks, now, out result) ? null : Commit(bound, now, chunk.Resolve(bound), right, remarks, out result);
    }

    /// <summary>What a rule makes of the newest revision, pending ones included, as of the instant of the commit that is to come.</summary>
    /// <exception cref="RejectionException">The rule refuses.</exception>
    public delegate IReadOnlyList<TupleUpdate> Rule(BoundSchema bound, Revision revision, Instant now);

    /// <summary>Writes what a rule says; null when that changes nothing, and then <paramref name="result"/> is what it found.</summary>
    public LogTransaction? Write(Rule rule, Remarks remarks, out Published result)
    {
        Instant now = NextCommit();
        BoundSchema bound = Bound;
        return IsDone(remarks, now, out result)
            ? null
            : Commit(bound, now, Resolve(bound, rule(bound, Newest.Revision, now)), WriteRight.Authority, remarks, out result);
    }

    /// <summary>Deletes what matches a filter, up to its limit; null when nothing does.</summary>
    /// <param name="deleted">How many tuples there are fewer.</param>
    /// <param name="isComplete">Whether nothing matches any more.</param>
    public LogTransaction? Delete(DeleteRequest request, out Published result, out int deleted, out bool isComplete)
    {
        BoundSchema bound = Bound;
        Instant now = NextCommit();
        ExpectPreconditions(bound, request.Preconditions, now);
        int most = Math.Min(request.Limit ?? limits.TuplesPerDelete, limits.TuplesPerDelete);
        if (most < 1) throw Rejections.LimitNotPositive("limit");
        List<ResolvedUpdate> updates = [.. TupleReader.Read(bound, Newest.Revision.Value, now, request.Filter)
            .Take(most + 1).Select(tuple => ResolvedUpdate.Of(bound, new TupleUpdate(UpdateKind.Delete, tuple)))];
        isComplete = updates.Count <= most;
        if (!isComplete && !request.AllowPartial) throw Rejections.TooManyToDelete(request.Filter, most);
        if (!isComplete) updates.RemoveAt(most);
        deleted = updates.Count;
        return Commit(bound, now, updates, request.Right, new Remarks(request.MetadataJson), out result);
    }

    /// <summary>Replaces the schema; null when it is the schema already.</summary>
    /// <param name="look">Has found it safe but for what was written last; null: there was no schema.</param>
    /// <param name="isStale">The look was at another schema, or at what can't be read any more: nothing is written.</param>
    public LogTransaction? WriteSchema(CompiledSchema schema, SchemaLook? look, out Published result, out bool isStale)
    {
        result = Newest;
        isStale = Newest.Bound != look?.Before || look?.Since < index.Horizon.Revision;
        if (isStale || Newest.Bound?.Schema.Text == schema.Text) return null;
        look?.Finish();
        BoundSchema bound = index.Bind(schema);
        Instant now = NextCommit();
        TransactionBuilder builder = Begin(now);
        builder.Schema(schema.Text);
        result = Advance(builder, bound);
        return builder.Transaction;
    }

    private BoundSchema Bound => Newest.Bound ?? throw Rejections.NoSchema();

    /// <summary>Whether the request was done before, under its key.</summary>
    private bool IsDone(Remarks remarks, Instant now, out Published result)
    {
        Published? earlier = remarks.Key is { } key ? _keys.Find(key, remarks.Digest, now) : null;
        result = earlier ?? Newest;
        return earlier is not null;
    }

    private LogTransaction? Commit(
        BoundSchema bound, Instant now, List<ResolvedUpdate> updates, WriteRight right, Remarks remarks, out Published result)
    {
        new AuthorityRules(bound, Newest.Revision.Value, now, updates).Expect(right);
        TransactionBuilder builder = Begin(now);
        builder.Update(bound, updates);
        if (remarks.MetadataJson is { } json && !builder.IsEmpty) builder.Metadata(json);
        if (remarks.Key is { } key) builder.IdempotencyKey(key, remarks.Digest);
        result = builder.IsEmpty ? Newest : Advance(builder, bound);
        if (remarks.Key is { } used) _keys.Add(used, remarks.Digest, result);
        return builder.IsEmpty ? null : builder.Transaction;
    }

    private TransactionBuilder Begin(Instant now)
    {
        _found.Clear();
        return new TransactionBuilder(index, Newest.Revision.Next, now, _found);
    }

    private Published Advance(TransactionBuilder builder, BoundSchema bound) =>
        Newest = new Published(builder.Transaction.Revision, builder.Transaction.CommittedAt, bound);

    /// <summary>What was committed by then is no history any more: it is replayed without versions.</summary>
    private Instant Forgotten() => clock().Plus(-(long)limits.Retention.TotalMicroseconds);

    /// <summary>Commit instants strictly increase, whatever the clock does.</summary>
    private Instant NextCommit()
    {
        Instant now = clock();
        return Newest.CommittedAt.IsFinite ? Instant.Max(now, Newest.CommittedAt.Plus(1)) : now;
    }

    private List<ResolvedUpdate> Resolve(BoundSchema bound, IReadOnlyList<TupleUpdate> updates)
    {
        if (updates.Count > limits.UpdatesPerWrite) throw Rejections.TooMany("TOO_MANY_UPDATES", "updates", updates.Count, limits.UpdatesPerWrite);
        var resolved = new List<ResolvedUpdate>(updates.Count);
        var seen = new HashSet<(ObjectRef, string, SubjectRef)>();
        foreach (TupleUpdate update in updates)
        {
            resolved.Add(ResolvedUpdate.Of(bound, update));
            if (!seen.Add((update.Tuple.Resource, update.Tuple.Relation, update.Tuple.Subject))) throw Rejections.DuplicateUpdate(update.Tuple);
        }
        return resolved;
    }

    private void ExpectPreconditions(BoundSchema bound, ImmutableArray<Precondition> preconditions, Instant now)
    {
        if (preconditions.Length > limits.PreconditionsPerWrite)
            throw Rejections.TooMany("TOO_MANY_PRECONDITIONS", "preconditions", preconditions.Length, limits.PreconditionsPerWrite);
        foreach (Precondition precondition in preconditions)
        {
            bool wanted = precondition.Kind == PreconditionKind.MustMatch;
            bool matches = TupleReader.Read(bound, Newest.Revision.Value, now, precondition.Filter).Any();
            if (matches != wanted) throw Rejections.PreconditionFailed(precondition.Filter, wanted);
        }
    }

    private static ulong Digest(WriteRequest request)
    {
        var text = new StringBuilder();
        foreach (TupleUpdate update in request.Updates) text.Append(update.Kind).Append(' ').Append(update.Tuple).Append('\n');
        foreach (Precondition precondition in request.Preconditions) text.Append(precondition.Kind).Append(' ').Append(precondition.Filter).Append('\n');
        if (request.MetadataJson is { } json) text.Append(json);
        return BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <exception cref="StoreFailedException">It does not compile.</exception>
    public static CompiledSchema Compile(string text)
    {
        Compilation compilation = Compilation.Of(text);
        return compilation.Schema ?? throw new StoreFailedException(
            $"the stored schema no longer compiles with this version: {compilation.Diagnostics.FirstOrDefault()}");
    }
}
