using AuthzGraph.Graph.Tests.Lookups;
using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Tests.Corpora;

/// <summary>The schema and relationships of one file in a graph, and every object, member and subject there is to ask about.</summary>
internal sealed class CorpusWorld : IAsyncDisposable
{
    private static readonly Instant Now = Scenario.Time("2026-01-01T00:00:00Z");

    private readonly AuthorizationGraph _graph;
    private readonly SchemaModel _model;
    private readonly State _state;
    private readonly Dictionary<(ObjectRef, string), Expansion> _trees = [];
    private readonly IReadOnlyList<RelationTuple> _tuples;

    private CorpusWorld(AuthorizationGraph graph, IReadOnlyList<RelationTuple> tuples, Instant written)
    {
        (_graph, _tuples) = (graph, tuples);
        _model = CorpusModel.Of(Schema);
        _state = new State([]).After(tuples.Select(t => new TupleUpdate(UpdateKind.Touch, t)), written);
    }

    public Snapshot Snapshot => _graph.Snapshot().At(Now);

    public CompiledSchema Schema => _graph.Snapshot().Schema;

    public static Task<CorpusWorld> OpenAsync(string path)
    {
        (string schema, IReadOnlyList<RelationTuple> tuples) = CorpusFiles.Read(path);
        return OpenAsync(schema, tuples);
    }

    public static async Task<CorpusWorld> OpenAsync(string schema, IReadOnlyList<RelationTuple> tuples)
    {
        AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = new StorageLocation.Memory(),
            Time = new ManualTime("2000-01-01T00:00:00Z"),      // before any relationship of the corpora ends
            Limits = Limits.Default with { UpdatesPerWrite = 20_000 },
        });
        await graph.WriteSchemaAsync(schema);
        WriteReceipt receipt = await graph.WriteAsync(new WriteRequest { Updates = [.. tuples.Select(t => new TupleUpdate(UpdateKind.Touch, t))] });
        return new CorpusWorld(graph, tuples, receipt.CommittedAt);
    }

    /// <summary>Every object of a type that a relationship names, and one that none does.</summary>
    public IReadOnlyList<ObjectRef> Objects(string type) =>
        [.. _tuples.SelectMany(t => new[] { t.Resource, t.Subject.Object }).Where(o => o.Type == type && !o.IsWildcard).Append(new ObjectRef(type, "stranger")).Distinct()];

    /// <summary>Every subject that a relationship names, and of every kind of them one that none does.</summary>
    public IReadOnlyList<SubjectRef> Subjects => [.. _tuples.Select(t => t.Subject)
        .SelectMany(s => s.Object.IsWildcard ? [s with { Object = s.Object with { Id = "stranger" } }] : new[] { s, s with { Object = s.Object with { Id = "stranger" } } }).Distinct()];

    public Outcome Check(ObjectRef resource, string member, SubjectRef subject)
    {
        try
        {
            return Snapshot.Check(new CheckQuestion(resource, member, subject)).Outcome;
        }
        catch (RejectionException)
        {
            return Outcome.Unknown;
        }
    }

    /// <summary>What the reference says; null where it would walk too many paths.</summary>
    public Outcome? Expected(ObjectRef resource, string member, SubjectRef subject)
    {
        try
        {
            return new CorpusReference(Schema, _model, _state, Now).Decide(new CheckQuestion(resource, member, subject)) switch
            {
                Verdict.Permitted => Outcome.Permitted,
                Verdict.Conditional => Outcome.Conditional,
                Verdict.Denied => Outcome.Denied,
                _ => Outcome.Unknown,
            };
        }
        catch (TooManyPathsException)
        {
            return null;
        }
    }

    /// <summary>How many checks there are to make.</summary>
    public long Size => Schema.Types.Sum(type => (long)type.Members.Length * Objects(type.Name).Count) * Subjects.Count;

    /// <summary>What the recursive expansion says of a subject.</summary>
    public Outcome Expanded(ObjectRef resource, string member, SubjectRef subject)
    {
        if (!_trees.TryGetValue((resource, member), out Expansion? tree))
            tree = _trees[(resource, member)] = Snapshot.Expand(resource, member, ExpandDepth.Recursive);
        return new ExpandedMembership(subject, new CorpusReference(Schema, _model, _state, Now).TruthOf).Of(tree) switch
        {
            Membership.Member => Outcome.Permitted,
            Membership.NotMember => Outcome.Denied,
            _ => Outcome.Conditional,
        };
    }

    public ValueTask DisposeAsync() => _graph.DisposeAsync();
}
