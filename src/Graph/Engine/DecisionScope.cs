using System.Collections.Immutable;
using AuthzGraph.Graph.Counting;
using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Cel;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// What every part of one decision shares: the snapshot, the instant, the limits, room to think in, and what was learnt
/// on the way: how long the facts consulted stay as they are, and whether a limit was met. Pooled, so that a check allocates nothing.
/// </summary>
/// <param name="tally">Counts what is decided; null: nobody wants to know.</param>
/// <param name="remembersChains">Whether a chain that still holds need not be walked again.</param>
internal sealed class DecisionScope(Epochs.Reader reader, DecisionTally? tally = null, bool remembersChains = false)
{
    private BoundSchema? _bound;
    private uint _regions;
    private readonly QuestionContext _context = new();
    private bool _hasCaveats;
    private bool _keepsWitness;
    private ulong _subjectSet;
    private long _subjectClass;

    public BoundSchema Bound => _bound ?? throw new InvariantException("the scope has begun");
    public CompiledSchema Schema { get; private set; } = CompiledSchema.Empty;
    public CheckPlans Plans { get => field ?? throw new InvariantException("the scope has begun"); private set; }
    public TypePlans Types { get => field ?? throw new InvariantException("the scope has begun"); private set; }
    public ulong Revision { get; private set; }
    public Instant Now { get; private set; }
    public Limits Limits { get; private set; } = Limits.Default;
    public int StepsLeft { get; private set; }

    /// <summary>How many members deep a plain check goes.</summary>
    public int DepthLimit { get; private set; }

    public Trail Trail { get; } = new();

    /// <summary>Room for the questions that are asked together.</summary>
    public SoughtBatch Batch { get; } = new();

    /// <summary>The resource and all it is within; empty until a candidate asks. The edges that say so change first at <see cref="ContainersUntil"/>.</summary>
    public ObjectList Containers { get; } = new();

    public Instant ContainersUntil { get; set; } = Instant.Never;
    public ObjectList Ancestors { get; } = new();
    public ChainMemory Chains { get; } = new(remembersChains);
    public Chain Chain => Chains.Chain;
    public WriteMarks Marks => Bound.Index.Memory.Marks;
    public List<WitnessEdge> Witness { get; } = [];

    /// <summary>The parameters without which a caveat could not be told.</summary>
    public List<(Caveat Caveat, CelVariableSet Names)> Missing { get; } = [];
    public List<(ObjectKey Agent, ObjectKey Human)> Sponsors { get; } = [];

    /// <summary>The first instant at which a consulted fact changes by itself.</summary>
    public Instant Until { get; set; } = Instant.Never;

    /// <summary>Whether the answer is to be explained: then the scope is left as the evidence needs it.</summary>
    public bool Explains { get; set; }

    /// <summary>The edge that the last denial rests on.</summary>
    public LiveEdge FailedFact { get; set; }

    /// <summary>Whether edges that prove a permit are to be kept in <see cref="Witness"/>.</summary>
    public bool KeepsWitness
    {
        get => _keepsWitness;
        set => (_keepsWitness, Traces) = (value, value || _hasCaveats);
    }

    /// <summary>Whether branches may leave anything behind: a witness, or what a caveat lacks.</summary>
    public bool Traces { get; private set; }

    /// <summary>Who is asked about by the plain check under way.</summary>
    public SubjectKey Subject { get; private set; }

    /// <summary>False when only subjects that are named count (sponsors): then wildcards match only what is subtracted.</summary>
    public bool WildcardsProve { get; private set; }

    /// <summary>The limit that made a branch unknown; none so far when null.</summary>
    public RejectionException? Fault { get; set; }

    /// <summary>From here until <see cref="Leave"/> nothing the index shows is reclaimed. What lies behind the horizon is rejected.</summary>
    public void Enter(BoundSchema bound, Revision revision, Instant now, Limits limits, string? contextJson)
    {
        reader.Enter();
        bound.Index.Horizon.Expect(revision, now);
        (Revision, Now) = (revision.Value, now);
        if (!ReferenceEquals(_bound, bound) || !ReferenceEquals(Limits, limits)) Bind(bound, limits);
        _context.Use(contextJson);
    }

    public void Leave()
    {
        _context.Use(null);
        reader.Leave();
    }

    /// <summary>The context of the questions that follow.</summary>
    public void Use(string? contextJson) => _context.Use(contextJson);

    /// <summary>Makes the scope ready for one decision.</summary>
    public void Renew()
    {
        (_regions, StepsLeft, Until, KeepsWitness) = (0, Limits.CheckSteps, Instant.Never, false);
        if (Fault is not null) Fault = null;
        Trail.Clear();
        Containers.Clear();
        Chains.Clear();
        if (Witness.Count > 0) Witness.Clear();
        if (Missing.Count > 0) Missing.Clear();
        if (Sponsors.Count > 0) Sponsors.Clear();
    }

    /// <summary>Counts a decision made here.</summary>
    public void Count(in ResolvedQuestion question, in Ruling ruling, SnapshotUse use)
    {
        if (use != SnapshotUse.Uncounted) tally?.Count(this, question, ruling, use);
    }

    /// <summary>A number for a part of the check in which one success settles all.</summary>
    public uint NewRegion() => ++_regions;

    /// <summary>Begins a plain check; one at a time.</summary>
    public void Ask(SubjectKey subject, bool wildcardsProve)
    {
        (Subject, WildcardsProve) = (subject, wildcardsProve);
        _subjectClass = new SubjectClass(subject.Object.Type, subject.Relation).Code;
        _subjectSet = subject.Relation is { } member ? Trail.Key(member, subject.Object.Number) : ulong.MaxValue;
    }

    /// <summary>Whether the subject asked about is the set itself: <c>group:eng#member</c> is in <c>group:eng#member</c>.</summary>
    /// <param name="set">Its <see cref="Engine.Trail.Key"/>.</param>
    public bool IsSubject(ulong set) => _subjectSet == set;

    /// <summary>Whether the subject asked about is one of a class, given by its code.</summary>
    public bool IsSubject(long subjectClass) => _subjectClass == subjectClass;

    /// <summary>Counts one edge or probe; too many end the whole check.</summary>
    public void Step()
    {
        if (--StepsLeft < 0) throw Rejections.Steps(Limits.CheckSteps);
    }

    /// <summary>Takes note that a fact consulted changes at an instant.</summary>
    public void Consult(Instant change) => Until = Instant.Min(Until, change);

    /// <summary>Whether the window contains now. Its next change is consulted either way.</summary>
    public bool IsLive(Window window)
    {
        Consult(window.NextChange(Now));
        return window.Contains(Now);
    }

    /// <summary>Whether a fact still explains a denial: not longer past its end than the retention.</summary>
    public bool IsKnown(Window window)
    {
        if (Now < window.ExpiresAt) return true;
        if (!Remembers(window)) return false;
        Consult(Forgotten(window));
        return true;
    }

    /// <summary>The same, without taking note of how long it stays so.</summary>
    public bool Remembers(Window window) => Now < window.ExpiresAt || Now < Forgotten(window);

    private Instant Forgotten(Window window) => window.ExpiresAt.Plus((long)Limits.Retention.TotalMicroseconds);

    /// <summary>Whether a tuple's caveat holds; what it lacks is added to <see cref="Missing"/>.</summary>
    public Truth Judge(uint number)
    {
        if (number == 0) return Truth.Member;
        Step();
        if (Bound.Caveat(number) is not { } bound) return Unknown(Rejections.CaveatGone(Bound.CaveatText(number)?.Name ?? "", Now)).Truth;
        CelResult result = bound.Caveat.Program.Evaluate(bound.Written, _context.For(bound.Caveat), CelLimits.Default);
        switch (result.Outcome)
        {
            case CelOutcome.True: return Truth.Member;
            case CelOutcome.False: return Truth.NotMember;
            case CelOutcome.Missing:
                Missing.Add((bound.Caveat, result.Missing));
                return Truth.Conditional;
            default:
                Fault ??= Rejections.CaveatFailed(bound.Caveat.Name, result.Error ?? "it gave no answer");
                return Truth.Unknown;
        }
    }

    /// <summary>The names of all that is missing, each once, sorted.</summary>
    public ImmutableArray<string> MissingNames()
    {
        if (Missing.Count == 0) return [];
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach ((Caveat caveat, CelVariableSet set) in Missing)
            for (int i = 0; i < caveat.Parameters.Length; i++)
                if (set.Contains(i)) names.Add(caveat.Parameters[i].Name);
        return [.. names];
    }

    /// <summary>How much is kept as a branch begins.</summary>
    public Mark Here() => Traces ? new(Witness.Count, Missing.Count) : default;

    /// <summary>Ends a branch: only a member keeps its witness, and only an open question what it lacks.</summary>
    public Finding Settle(Mark mark, Finding found)
    {
        if (!Traces) return found;
        if (!found.IsMember) ForgetWitness(mark);
        if (found.Truth is Truth.Member or Truth.NotMember) ForgetMissing(mark.Missing);
        return found;
    }

    /// <summary>Keeps an edge that may prove a permit, if that is asked for.</summary>
    public void Keep(in WitnessEdge edge)
    {
        if (KeepsWitness) Witness.Add(edge);
    }

    /// <summary>Takes back what was kept as a witness since a mark.</summary>
    public void ForgetWitness(Mark mark)
    {
        if (Witness.Count > mark.Witness) Witness.RemoveRange(mark.Witness, Witness.Count - mark.Witness);
    }

    /// <summary>Takes back what was missing since a mark.</summary>
    public void ForgetMissing(int mark) => Missing.RemoveRange(mark, Missing.Count - mark);

    private void Bind(BoundSchema bound, Limits limits)
    {
        (_bound, Schema, Plans, Types, Limits) = (bound, bound.Schema, bound.Plans, bound.Plans.Types, limits);
        _hasCaveats = bound.Schema.Caveats.Length > 0;
        Chains.Forget();
        DepthLimit = Math.Min(limits.CheckDepth, Place.MaxDepth);
    }

    /// <summary>A denial, and the fact it rests on; on an absence if there is none.</summary>
    public Verdict Deny(DenialCode code, byte step, int hop, ObjectKey about, in LiveEdge fact = default)
    {
        FailedFact = fact;
        return new Verdict(code, step, (ushort)hop, about);
    }

    /// <summary>A branch that met a limit.</summary>
    public Finding Unknown(RejectionException why)
    {
        Fault ??= why;
        return Finding.Unknown;
    }

    /// <summary>The limit that left the decision unknown.</summary>
    public RejectionException TakeFault() => Fault ?? throw new InvariantException("an unknown branch says which limit it met");

    /// <summary>The name of an object that an edge mentions.</summary>
    public ObjectRef Name(ObjectKey key) => new(Schema[key.Type].Name, Bound[key.Type][key.Number]);

    public RelationTuple Name(LiveEdge edge) => TupleNames.Of(Bound, Schema[edge.Type], edge.Resource, edge.Subject.Number, edge.Window, edge.Caveat);
}
