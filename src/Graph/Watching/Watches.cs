using System.Collections.Immutable;
using AuthzGraph.Graph.Reading;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Watching;

/// <summary>Starts watches: finds where each begins, and what it has to know of the tuples there.</summary>
/// <param name="pin">Keeps a revision and an instant readable.</param>
/// <param name="settle">Completes once every transaction that got its commit instant before the call is published.</param>
internal sealed class Watches(ChangeFeed feed, History history, StoreIdentity identity, Limits limits, TimeProvider time, Func<Instant> now, Func<Task> settle,
    Func<Revision, Instant, RevisionPin> pin)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private int _count;

    /// <summary>How many are under way.</summary>
    public int Count => Volatile.Read(ref _count);

    public ChangeFeed Feed => feed;
    public Limits Limits => limits;
    public Instant Now => now();

    /// <exception cref="RejectionException">The token is not of this store or its revision no longer kept; a filter does not fit the schema.</exception>
    public IAsyncEnumerable<WatchEvent> Start(WatchRequest request, CancellationToken cancellation)
    {
        Published start = request.After is { } token ? StartAt(ConsistencyToken.Read(identity, token)) : history.Head;
        if (request.Kinds == WatchKinds.None) throw Rejections.NothingToWatch();
        if (history.Head.Bound is { } bound)
            foreach (TupleFilter filter in request.Filters) TupleReader.Expect(bound.Schema, filter);
        Instant windowsAfter = request.WindowsAfter ?? (request.After is null ? now() : start.CommittedAt);
        if (windowsAfter < start.CommittedAt) throw Rejections.WindowsBeforeRevision(windowsAfter, start.CommittedAt);
        return new Watcher(this, request, start, windowsAfter).RunAsync(cancellation);
    }

    /// <summary>One more is under way until what this gives is disposed of.</summary>
    public IDisposable Enter()
    {
        Interlocked.Increment(ref _count);
        return new Presence(this);
    }

    /// <summary>Expects that what came after a revision can still be told.</summary>
    public void ExpectKept(Revision told)
    {
        Revision oldest = feed.Oldest(now());
        if (told >= oldest) return;
        if (history.IsRebuilding(told)) throw Rejections.HistoryRebuilding(told, oldest);
        throw Rejections.RevisionGone(told, oldest, ConsistencyToken.Of(identity, oldest));
    }

    public string TokenOf(Published published) => published.Token(identity);

    public Task SettleAsync() => settle();

    private Published StartAt(Revision revision)
    {
        ExpectKept(revision);
        return history.At(revision);
    }

    /// <summary>Waits until there is something newer than a revision, or an instant has come.</summary>
    public Task WaitAsync(Revision told, Instant until, CancellationToken cancellation) => WaitAsync(feed.WaitAsync(told), until, cancellation);

    /// <summary>Waits until something is done, or an instant has come.</summary>
    public async Task WaitAsync(Task news, Instant until, CancellationToken cancellation)
    {
        long wait = until.IsFinite ? until.Microseconds - now().Microseconds : long.MaxValue;
        TimeSpan rounded = TimeSpan.FromMilliseconds(Math.Clamp((wait - 1) / 1_000 + 1, 1, LongestWait.TotalMilliseconds));
        Task woken = news.WaitAsync(rounded, time, cancellation);
        if (now() >= until) return;     // it came while the timer was set
        await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The ends of windows that are still to come, of the tuples at a revision that match.</summary>
    public WindowTimes WindowsAt(Published start, Instant after, ImmutableArray<TupleFilter> filters)
    {
        var windows = new WindowTimes(after, limits.WatchedWindows);
        if (start.Bound is not { } bound) return windows;
        using RevisionPin kept = pin(start.Revision, after);
        foreach (RelationTuple tuple in new OrderedScan(bound, start.Revision.Value, after).All())
            if (filters.IsEmpty || filters.Any(filter => filter.Matches(tuple))) windows.Add(tuple, after);
        return windows;
    }

    private sealed class Presence(Watches watches) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref watches._count);
    }
}
