using System.Collections.Immutable;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Lookups;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>
/// The agents that may do this to a resource on somebody's authority, read one hop after another at one snapshot: each hop that, presented by
/// its delegate, is permitted, once, in an order that the snapshot decides. For one thread at a time; the snapshot stays readable until it is disposed of.
/// </summary>
public sealed class ActingLookup : IDisposable
{
    private readonly BoundSchema _bound;
    private readonly SubjectLookupRequest _request;
    private readonly ActingSubjectSource _source;
    private readonly LookupStream _stream;

    internal ActingLookup(AuthorizationGraph graph, Snapshot snapshot, BoundSchema bound, SubjectLookupRequest request, LookupCursor? cursor, CancellationToken cancellation)
    {
        (_bound, _request) = (bound, request);
        _source = new ActingSubjectSource(bound, request, cursor);
        _stream = new LookupStream(graph, snapshot, _source, request.ContextJson, request.Limit, cancellation);
    }

    /// <summary>What is read.</summary>
    public Snapshot Snapshot => _stream.Snapshot;

    /// <summary>The last hop of the chain at hand: what the presenter presents.</summary>
    public ObjectRef Leaf => new(_bound.Schema[_source.Type].Name, _stream.Id);

    /// <summary>The names of the context that the chain at hand depends on, sorted; empty: it permits.</summary>
    public ImmutableArray<string> Missing => _stream.Missing;

    /// <summary>Whether the next chain has yet to be looked for.</summary>
    public bool IsCaughtUp => _stream.IsCaughtUp;

    /// <summary>Whether there is no other: false when only the limit ended it.</summary>
    public bool IsComplete => _stream.IsComplete;

    /// <summary>Goes on behind the hop at hand: at the same snapshot, with the same request, in the same store; after a restart too.</summary>
    public string Cursor => _stream.Cursor(DigestOf(_request));

    /// <inheritdoc cref="SubjectLookup.MoveNext"/>
    public bool MoveNext() => _stream.MoveNext();

    /// <summary>The chain at hand in full: who presents it, whose authority is used, who answers for the agents.</summary>
    public FoundActing Describe()
    {
        ObjectRef presenter = Presenter();
        var evidence = new Evidence();
        var question = new CheckQuestion(_request.Resource, _request.Permission, new SubjectRef(presenter), new Acting(Delegation: Leaf), _request.ContextJson);
        Answer answer = Snapshot.Uncounted.Check(question, evidence);
        return new FoundActing(presenter, Leaf, answer, evidence);
    }

    public void Dispose() => _stream.Dispose();

    internal static ulong DigestOf(SubjectLookupRequest request) => CursorSeal.DigestOf(
        "acting", request.Resource.ToString(), request.Permission, request.SubjectType, CanonicalJson.Of(request.ContextJson));

    private ObjectRef Presenter()
    {
        using DecisionSeries series = Snapshot.Series(_request.ContextJson);
        ObjectKey? presenter = ActingSubjectSource.DelegateOf(series.Scope, new ObjectKey(_source.Type, _stream.Number));
        return series.Scope.Name(presenter ?? throw new InvariantException("a hop that was found has one delegate"));
    }
}
