using AuthzGraph.Graph.Counting;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Explaining;

/// <summary>An answer and what it rests on.</summary>
internal sealed record Tried(Answer Answer, Evidence Evidence);

/// <summary>
/// A small graph of its own, for one thread, in which it can be tried what a change would do: the same schema and the same engine over the
/// tuples that matter.
/// </summary>
internal sealed class Sketch
{
    private const ulong Revision = 1;

    private readonly GraphIndex _index = new();
    private readonly DecisionScope _scope;
    private readonly Instant _now;
    private readonly Limits _limits;
    private readonly string? _contextJson;
    private int _checksLeft;
    private int _stepsLeft;     // all checks together take no more than one may

    public Sketch(Snapshot snapshot, string? contextJson, Limits limits, IEnumerable<RelationTuple> tuples)
    {
        (_now, _limits, _contextJson, _checksLeft, _stepsLeft) = (snapshot.Instant, limits, contextJson, limits.RemedyChecks, limits.CheckSteps);
        _index.BeginReplay(limits.Retention);       // a name keeps its number when the last tuple that holds it is taken back
        Bound = _index.Bind(snapshot.Schema);
        _scope = new DecisionScope(_index.Memory.Epochs.NewReader());
        foreach (RelationTuple tuple in tuples) Put(tuple);
    }

    public BoundSchema Bound { get; }

    public CompiledSchema Schema => Bound.Schema;

    public Instant Now => _now;

    /// <summary>Whether all checks that may be made here were made. From then on nothing holds.</summary>
    public bool IsSpent => _checksLeft <= 0 || _stepsLeft <= 0;

    /// <summary>What is decided here, and why; null where a limit is met.</summary>
    public Tried? Decide(CheckQuestion question)
    {
        Tried? tried = null;
        Run(() =>
        {
            var evidence = new Evidence();
            tried = new Tried(Asking.Ask(_scope, question, ResolvedQuestion.Of(Bound, question), evidence, SnapshotUse.Uncounted), evidence);
        });
        return tried;
    }

    /// <summary>Whether a subject is, or with more context might be, in a relation or permission of an object, by the plain check.</summary>
    public bool MayHold(ObjectRef resource, Member member, SubjectRef subject)
    {
        bool holds = false;
        Run(() =>
        {
            MemberId? relation = subject.Relation is { } name ? Schema.FindMember(TypeOf(subject.Object), name)?.Id : null;
            holds = !PlainChecker.Check(_scope, Key(resource), member.Id, new SubjectKey(Key(subject.Object), relation)).IsNotMember;
        });
        return holds;
    }

    /// <summary>The live tuples of one type of edges of an object.</summary>
    public List<RelationTuple> Live(ObjectRef resource, EdgeType type)
    {
        List<RelationTuple> live = [];
        EdgeListWalk walk = Bound[type.Id].OfResource(Key(resource).Number, Revision);
        while (walk.MoveNext())
            if (walk.Current.Window.Contains(_now))
                live.Add(TupleNames.Of(Bound, type, walk.Current.Resource, walk.Current.Subject, walk.Current.Window, walk.Current.Caveat));
        return live;
    }

    /// <summary>Every object of a type that is known here.</summary>
    public IEnumerable<ObjectRef> Objects(ObjectType type)
    {
        NameTable names = Bound[type.Id];
        for (uint number = 1; number <= names.Last; number++) yield return new ObjectRef(type.Name, names[number]);
    }

    /// <summary>Makes changes until they are taken back by what this returns.</summary>
    public List<TupleUpdate> Make(IEnumerable<TupleUpdate> updates)
    {
        List<TupleUpdate> back = [];
        foreach (TupleUpdate update in updates)
        {
            back.Insert(0, Reverse(update.Tuple));
            if (update.Kind == UpdateKind.Delete) Remove(update.Tuple);
            else Put(update.Tuple);
        }
        return back;
    }

    private TupleUpdate Reverse(RelationTuple tuple)
    {
        EdgeType type = EdgeTypeOf(tuple);
        bool isThere = Bound[type.Id].TryFind(Key(tuple.Resource).Number, Number(type, tuple), Revision, out EdgeVersion edge);
        return isThere
            ? new TupleUpdate(UpdateKind.Touch, tuple with { Window = edge.Window, Caveat = Bound.CaveatText(edge.Caveat) })
            : new TupleUpdate(UpdateKind.Delete, tuple);
    }

    private void Put(RelationTuple tuple)
    {
        EdgeType type = EdgeTypeOf(tuple);
        uint caveat = tuple.Caveat is { } text ? _index.Caveats.Add(text, out _, out _) : 0;
        Bound[type.Id].PutSettled(Key(tuple.Resource).Number, Number(type, tuple), tuple.Window, caveat);
    }

    private void Remove(RelationTuple tuple)
    {
        EdgeType type = EdgeTypeOf(tuple);
        Bound[type.Id].RemoveSettled(Key(tuple.Resource).Number, Number(type, tuple));
    }

    private uint Number(EdgeType type, RelationTuple tuple) => type.Kind == SubjectKind.Wildcard ? EdgeStore.Wildcard : Key(tuple.Subject.Object).Number;

    private ObjectKey Key(ObjectRef value)
    {
        TypeId type = TypeOf(value);
        NameTable names = Bound[type];
        uint number = names.Find(value.Id);
        if (number == 0) names.Bind(number = names.Last + 1, value.Id);
        return new ObjectKey(type, number);
    }

    private TypeId TypeOf(ObjectRef value) => (Schema.FindType(value.Type) ?? throw new InvariantException("a tuple's types are the schema's")).Id;

    private EdgeType EdgeTypeOf(RelationTuple tuple) => ResolvedUpdate.Of(Bound, new TupleUpdate(UpdateKind.Delete, tuple)).EdgeType;

    private void Run(Action ask)
    {
        if (IsSpent) return;
        _checksLeft--;
        _scope.Enter(Bound, new Revision(Revision), _now, _limits, _contextJson);
        try
        {
            _scope.Renew();
            ask();
        }
        catch (RejectionException)
        {
            // a change that leads into a limit is none to make
        }
        finally
        {
            _stepsLeft -= _limits.CheckSteps - _scope.StepsLeft;
            _scope.Leave();
        }
    }
}
