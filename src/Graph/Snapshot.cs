using AuthzGraph.Graph.Counting;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Explaining;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Lookups;
using AuthzGraph.Graph.Reading;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph;

/// <summary>Schema and tuples at one revision, read at one instant. A value; taking one costs nothing and blocks nobody.</summary>
public readonly struct Snapshot
{
    private readonly AuthorizationGraph _graph;
    private readonly Published _published;
    private readonly SnapshotUse _use;

    internal Snapshot(AuthorizationGraph graph, Published published, Instant instant, SnapshotUse use = SnapshotUse.Present)
    {
        _graph = graph;
        _published = published;
        _use = use;
        Instant = instant;
    }

    public Revision Revision => _published.Revision;

    /// <summary>The one instant of every fact read here.</summary>
    public Instant Instant { get; }

    /// <summary>The consistency token of this revision, for an <see cref="Consistency.AtLeastAsFresh"/> later on.</summary>
    public string Token => _graph.TokenOf(_published);

    /// <summary>The schema; rejects with NO_SCHEMA while none was written.</summary>
    public CompiledSchema Schema => Bound.Schema;

    /// <summary>Null while no schema was written.</summary>
    internal BoundSchema? BoundOrNull => _published.Bound;

    /// <summary>Whether a schema was written.</summary>
    public bool HasSchema => BoundOrNull is not null;

    internal BoundSchema Bound => BoundOrNull ?? throw Rejections.NoSchema();

    /// <summary>The same revision at an instant of the caller's choice: for simulation, replay and tests of schemas.</summary>
    public Snapshot At(Instant instant) => new(_graph, _published, instant, SnapshotUse.Past);

    /// <summary>The same, for whoever looks more closely at what was decided: what is asked of it is left out of the metrics.</summary>
    public Snapshot Uncounted => new(_graph, _published, Instant, SnapshotUse.Uncounted);

    /// <summary>Decides. Allocates nothing unless <paramref name="evidence"/> is given.</summary>
    /// <exception cref="RejectionException">An unknown type or permission, a malformed question, a limit reached.</exception>
    public Answer Check(in CheckQuestion question, Evidence? evidence = null)
    {
        Answer answer = Ask(question, evidence);
        if (evidence is { SeeksRemedies: true } && answer.Outcome == Outcome.Denied) RemedySearch.Fill(evidence, this, question, _graph.Limits);
        return answer;
    }

    private Answer Ask(in CheckQuestion question, Evidence? evidence)
    {
        try
        {
            using DecisionSeries series = Series(question.ContextJson);
            return Asking.Ask(series.Scope, question, series.Scope.Batch.Resolve(Bound, question), evidence, _use);
        }
        catch (RejectionException rejection)
        {
            Reject(rejection);
            throw;
        }
    }

    private void Reject(RejectionException rejection)
    {
        if (_use != SnapshotUse.Uncounted) _graph.Decisions.Reject(rejection.Reason);
    }

    /// <summary>
    /// Decides many questions, all at this revision and instant; a question that is rejected leaves the others be. What they read is
    /// fetched for many at a time, so each takes less than alone. Allocates nothing unless one is rejected or conditional.
    /// </summary>
    /// <param name="results">At least as long as <paramref name="questions"/>: one for each, in order.</param>
    /// <exception cref="RejectionException">The revision is no longer kept.</exception>
    public void CheckBatch(ReadOnlySpan<CheckQuestion> questions, Span<CheckResult> results)
    {
        if (results.Length < questions.Length) throw new ArgumentException("there are fewer results than questions", nameof(results));
        for (int from = 0; from < questions.Length; from += SoughtBatch.Size)
        {
            int count = Math.Min(SoughtBatch.Size, questions.Length - from);
            CheckTogether(questions.Slice(from, count), results[from..]);
        }
    }

    /// <summary>Decides many questions by number here, until it is disposed of.</summary>
    internal DecisionSeries Series(string? contextJson) => new(_graph.Scopes, Bound, Revision, Instant, _graph.Limits, contextJson);

    /// <summary>The rewrite of one permission with the subjects at its leaves, and the tuples that name them.</summary>
    /// <exception cref="RejectionException">An unknown type or permission; a tree with more parts than the limit.</exception>
    public Expansion Expand(ObjectRef resource, string permission, ExpandDepth depth = ExpandDepth.OneLevel)
    {
        using RevisionPin pin = _graph.Pin(Revision, Instant);
        ResolvedQuestion question = Resolve(new CheckQuestion(resource, permission, new SubjectRef(resource)));
        return new Expander(this, Bound, _graph.Limits, question, resource, depth).Expand();
    }

    /// <summary>Every object of a type on which a subject has a permission, as they are asked for. A cursor names its own snapshot, which is then read.</summary>
    /// <exception cref="RejectionException">An unknown type or permission, a malformed request, a cursor of another store or request.</exception>
    public ResourceLookup LookupResources(ResourceLookupRequest request, CancellationToken cancellation = default)
    {
        if (request.Limit < 1) throw Rejections.LimitNotPositive("limit");
        LookupCursor? cursor = request.Cursor is { } text ? LookupCursor.Read(_graph.Identity, ResourceLookup.DigestOf(request), text) : null;
        Snapshot snapshot = cursor is null ? this : _graph.SnapshotOf(cursor);
        return new ResourceLookup(_graph, snapshot, snapshot.Bound, request, cursor, cancellation);
    }

    /// <summary>Every subject of a type that has a permission on a resource, as they are asked for. A cursor names its own snapshot, which is then read.</summary>
    /// <exception cref="RejectionException">An unknown type or permission, a malformed request, a cursor of another store or request.</exception>
    public SubjectLookup LookupSubjects(SubjectLookupRequest request, CancellationToken cancellation = default)
    {
        if (request.Limit < 1) throw Rejections.LimitNotPositive("limit");
        LookupCursor? cursor = request.Cursor is { } text ? LookupCursor.Read(_graph.Identity, SubjectLookup.DigestOf(request), text) : null;
        Snapshot snapshot = cursor is null ? this : _graph.SnapshotOf(cursor);
        return new SubjectLookup(_graph, snapshot, snapshot.Bound, request, cursor, cancellation);
    }

    /// <summary>
    /// Every agent of a type that may do this to a resource on somebody's authority, by every hop it may present. A cursor names its own
    /// snapshot, which is then read.
    /// </summary>
    /// <exception cref="RejectionException">A schema without delegation, a type that is no agent's, and whatever <see cref="LookupSubjects"/> refuses.</exception>
    public ActingLookup LookupActing(SubjectLookupRequest request, CancellationToken cancellation = default)
    {
        if (request.Limit < 1) throw Rejections.LimitNotPositive("limit");
        LookupCursor? cursor = request.Cursor is { } text ? LookupCursor.Read(_graph.Identity, ActingLookup.DigestOf(request), text) : null;
        Snapshot snapshot = cursor is null ? this : _graph.SnapshotOf(cursor);
        return new ActingLookup(_graph, snapshot, snapshot.Bound, request, cursor, cancellation);
    }

    /// <summary>The tuples that match and have not ended, future ones included, in a fixed order; both ends of every window are filled in.</summary>
    public IEnumerable<RelationTuple> Read(TupleFilter filter) => Pinned(TupleReader.Read(Bound, Revision.Value, Instant, filter));

    /// <summary>
    /// The properties stored with an object, as JSON: the context of its live tuple to itself under the relation that its definition declares for
    /// them (<see cref="ObjectType.Properties"/>). Null: none are stored, or nothing is known of the object.
    /// </summary>
    /// <exception cref="RejectionException">The revision is no longer kept.</exception>
    public string? PropertiesOf(ObjectRef of) => BoundOrNull is { } bound ? PropertyReader.Read(bound, Revision, Instant, of) : null;

    /// <summary>A stream out of this snapshot, which stays readable while it is enumerated.</summary>
    internal IEnumerable<T> Pinned<T>(IEnumerable<T> stream)
    {
        using RevisionPin pin = _graph.Pin(Revision, Instant);
        foreach (T item in stream) yield return item;
    }

    private void CheckTogether(ReadOnlySpan<CheckQuestion> questions, Span<CheckResult> results)
    {
        if (!HasSchema)
        {
            RejectAll(Rejections.NoSchema(), results[..questions.Length]);
            return;
        }
        using DecisionSeries series = Series(contextJson: null);
        SoughtBatch batch = series.Scope.Batch;
        batch.Seek(Bound, questions);
        for (int i = 0; i < questions.Length; i++)
        {
            try
            {
                series.Scope.Use(questions[i].ContextJson);
                results[i] = new CheckResult(Asking.Ask(series.Scope, questions[i], batch.Resolve(Bound, i, questions[i]), evidence: null, _use));
            }
            catch (RejectionException rejection)
            {
                Reject(rejection);
                results[i] = new CheckResult(default, rejection);
            }
        }
    }

    private void RejectAll(RejectionException rejection, Span<CheckResult> results)
    {
        foreach (ref CheckResult result in results)
        {
            Reject(rejection);
            result = new CheckResult(default, rejection);
        }
    }

    private ResolvedQuestion Resolve(in CheckQuestion question)
    {
        using DecisionSeries series = Series(contextJson: null);
        return ResolvedQuestion.Of(Bound, question);
    }
}
