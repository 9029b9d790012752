using System.Collections.Immutable;
using System.Text;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Lookups;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>
/// The objects of a type on which a subject has a permission, read one after another at one snapshot: each once, as soon as it is known, in an
/// order that the snapshot decides. A check of an object it gives out answers the same, and a check of any other object of the type denies; only
/// where a check would be rejected for its depth may a lookup know the answer. For one thread at a time. Reading on allocates nothing; the snapshot stays readable until it is disposed of.
/// </summary>
public sealed class ResourceLookup : IDisposable
{
    private readonly AuthorizationGraph _graph;
    private readonly ResourceLookupRequest _request;
    private readonly CancellationToken _cancellation;
    private readonly LookupRoom _room;
    private readonly RevisionPin _pin;
    private readonly BoundSchema _bound;
    private ResolvedQuestion _question;
    private ulong _arms;
    private bool _isOver;
    private bool _isDisposed;
    private int _at = -1;
    private int _left;

    internal ResourceLookup(AuthorizationGraph graph, Snapshot snapshot, BoundSchema bound, ResourceLookupRequest request, LookupCursor? cursor, CancellationToken cancellation)
    {
        (_graph, Snapshot, _bound, _request, _cancellation) = (graph, snapshot, bound, request, cancellation);
        _left = request.Limit ?? int.MaxValue;
        _pin = graph.Pin(snapshot.Revision, snapshot.Instant);
        _room = graph.LookupRooms.Get();
        try
        {
            Begin(cursor);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What is read.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>Why the subject may do this to no object at all, when that has nothing to do with the objects; else none.</summary>
    public DenialCode Barred { get; private set; }

    /// <summary>The id of the object at hand, in UTF-8; good until the next is read.</summary>
    public ReadOnlySpan<byte> IdUtf8 => _room.Found.Text(_at);

    public string Id => Encoding.UTF8.GetString(IdUtf8);

    /// <summary>The names of the context that the object at hand depends on, sorted; empty: it is permitted.</summary>
    public ImmutableArray<string> Missing => _room.Found.Missing(_at);

    /// <summary>Goes on behind the object at hand: at the same snapshot, with the same request, in the same store; after a restart too.</summary>
    public string Cursor => new LookupCursor(Snapshot.Revision, Snapshot.Instant, DigestOf(_request), _arms, Id).Seal(_graph.Identity);

    /// <summary>Reads the next object; false when there is none, or no more are wanted.</summary>
    /// <exception cref="RejectionException">A limit was reached, or an object could not be decided.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public bool MoveNext()
    {
        if (_left == 0) return false;
        while (++_at >= _room.Found.Count)
        {
            if (_isOver) return false;
            Read();
        }
        _left--;
        return true;
    }

    /// <summary>All that is left.</summary>
    public IEnumerable<FoundResource> ToEnd()
    {
        while (MoveNext()) yield return new FoundResource(Id, Missing);
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _isOver = true;
        _pin.Dispose();
        _graph.LookupRooms.Return(_room);
    }

    /// <summary>Tells one request from another, limit and place apart.</summary>
    internal static ulong DigestOf(ResourceLookupRequest request) => CursorSeal.DigestOf(
        "resources", request.ResourceType, request.Permission, request.Subject.ToString(),
        request.Acting.Delegation?.ToString(), request.Acting.Root?.ToString(), request.Acting.Task?.ToString(), request.ContextJson);

    private void Begin(LookupCursor? cursor)
    {
        using DecisionSeries series = Snapshot.Series(_request.ContextJson);
        _question = LookupQuestion.OfResources(_bound, _request);
        Barred = LookupQuestion.Barred(series.Decide(_question));
        _room.Found.Begin();
        _isOver = Barred != DenialCode.None;
        if (_isOver) return;
        ArmChoice arms = Arms(cursor);
        _arms = arms.Bits;
        SubjectKey subject = _question.Subject;
        LookupPlan plan = _bound.Lookups.Resources(_question.Member, subject.Object.Type, subject.Relation, arms);
        _room.Walk.Begin(plan, new PlainJudge(subject), cursor is null ? null : NumberOf(cursor.Last));
        _room.Walk.Enter(series.Scope, plan.Start, subject.Object.Number, sure: true, _room.Found);
        Name();
    }

    private ArmChoice Arms(LookupCursor? cursor)
    {
        ImmutableArray<SchemaCompiler.Rewrite.Intersection> sites = _bound.Lookups.Intersections(_question.Member);
        if (cursor is not null) return new ArmChoice(sites, cursor.Arms);
        return sites.IsEmpty ? default(ArmChoice) with { Sites = sites } : ArmChoice.Cheapest(sites, new ArmCost(_bound, _question.Subject).Of);
    }

    private void Read()
    {
        _cancellation.ThrowIfCancellationRequested();
        _room.Found.Clear();
        _at = -1;
        using DecisionSeries series = Snapshot.Series(_request.ContextJson);
        _isOver = !_room.Walk.Read(series.Scope, _room.Found);
        if (_isOver && _room.Walk.IsPassing) throw Rejections.InvalidCursor();
        Name();
    }

    private void Name() => _room.Found.Name(_bound[_question.Resource.Type], MadeUp, MadeUpName);

    // only the subject can be among the objects found without any tuple naming it
    private uint MadeUp => _question.Subject.Object.Number >= EdgeStore.FirstUnknown ? _question.Subject.Object.Number : uint.MaxValue;

    private byte[] MadeUpName => MadeUp == uint.MaxValue ? [] : Encoding.UTF8.GetBytes(_request.Subject.Object.Id);

    private uint NumberOf(string id)
    {
        if (MadeUp != uint.MaxValue && id == _request.Subject.Object.Id) return MadeUp;
        return _bound[_question.Resource.Type].Find(id) is not 0 and var number ? number : throw Rejections.InvalidCursor();
    }
}
