using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Watching.Decisions;

/// <summary>
/// Keeps the answers to watched questions. One reader of the changes asks for all watchers, round by round, while there are any: what a write
/// can touch by its relations, what the clock changes, and the questions of those who are new. Each round reads one snapshot.
/// </summary>
internal sealed class DecisionWatches(AuthorizationGraph graph, ChangeFeed feed, Watches watches)
{
    private readonly Lock _gate = new();
    private readonly List<DecisionWatch> _new = [];
    private readonly List<DecisionWatch> _gone = [];
    private TaskCompletionSource _called = NewCall();
    private bool _runs;

    public async IAsyncEnumerable<DecisionChange> Start(ImmutableArray<CheckQuestion> questions, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (questions.IsDefaultOrEmpty) throw Rejections.NothingToWatch();
        if (questions.Length > graph.Limits.WatchedDecisions)
            throw Rejections.TooMany("TOO_MANY_CHECKS", "watched questions", questions.Length, graph.Limits.WatchedDecisions);
        using IDisposable presence = watches.Enter();
        var watch = new DecisionWatch(questions, graph.Limits.WaitingDecisions);
        Call(_new, watch);
        try
        {
            await foreach (DecisionChange change in watch.News.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return change;
        }
        finally
        {
            Call(_gone, watch);
        }
    }

    private static TaskCompletionSource NewCall() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Call(List<DecisionWatch> list, DecisionWatch watch)
    {
        TaskCompletionSource called;
        lock (_gate)
        {
            list.Add(watch);
            called = _called;
            if (!_runs) _ = Task.Run(RunAsync);
            _runs = true;
        }
        called.TrySetResult();
    }

    private async Task RunAsync()
    {
        List<DecisionWatch> all = [];
        try
        {
            var round = new Round(graph, feed);
            while (Admit(all) is { } called)
            {
                Instant next = round.Run(all);
                await watches.WaitAsync(Task.WhenAny(feed.WaitAsync(round.Told), called), next, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception end)       // the store closes, or a fault of ours: nobody is left waiting for answers that do not come
        {
            lock (_gate)
            {
                all.AddRange(_new);
                _new.Clear();
                _gone.Clear();
                _runs = false;
            }
            foreach (DecisionWatch watch in all) watch.End(end);
        }
    }

    /// <summary>Takes in who is new and lets go who left; what comes after is told by the task. Null: nobody is left, and the reader ends.</summary>
    private Task? Admit(List<DecisionWatch> all)
    {
        lock (_gate)
        {
            all.AddRange(_new);
            _new.Clear();
            foreach (DecisionWatch watch in _gone) all.Remove(watch);
            _gone.Clear();
            if (_called.Task.IsCompleted) _called = NewCall();
            _runs = all.Count > 0;
            return _runs ? _called.Task : null;
        }
    }

    /// <summary>Asks for everybody what has to be asked since the last time.</summary>
    private sealed class Round(AuthorizationGraph graph, ChangeFeed feed)
    {
        private readonly List<Committed> _batch = [];
        private readonly Written _written = new();
        private BoundSchema? _bound;
        private QuestionReads _reads = new(CompiledSchema.Empty);

        /// <summary>All that was written up to here is looked at.</summary>
        public Revision Told { get; private set; } = graph.Snapshot().Revision;

        /// <summary>Says when to look again though nothing is written.</summary>
        public Instant Run(List<DecisionWatch> all)
        {
            bool isKept = TakeWritten();
            Snapshot snapshot = graph.Snapshot();
            if (!isKept)
            {
                _written.AddAnything();
                Told = snapshot.Revision;
            }
            bool isOther = !ReferenceEquals(snapshot.BoundOrNull, _bound);
            if (isOther) (_bound, _reads) = (snapshot.BoundOrNull, new QuestionReads(snapshot.BoundOrNull?.Schema ?? CompiledSchema.Empty));
            _written.Bind(_bound);
            Instant next = Instant.Never;
            for (int i = all.Count - 1; i >= 0; i--)
            {
                if (all[i].Ask(snapshot, _written, _reads, isOther)) next = Instant.Min(next, all[i].Next);
                else all.RemoveAt(i);
            }
            return next;
        }

        /// <summary>Notes what was written; false: more than is kept.</summary>
        private bool TakeWritten()
        {
            _written.Clear();
            while (true)
            {
                _batch.Clear();
                if (!feed.TryReadRecent(Told, _batch)) return false;
                if (_batch.Count == 0) return true;
                foreach (Committed committed in _batch) _written.Add(committed);
                Told = _batch[^1].Revision;
            }
        }
    }
}
