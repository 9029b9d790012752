using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Delegating;

/// <summary>
/// What a rule stands on: one revision, pending ones included, at one instant, with the objects that a request names by number. What is
/// consulted counts for the whole request, so that no request holds up the writer for long.
/// </summary>
internal sealed class Ground(DecisionScope scope)
{
    private readonly List<ObjectRef> _unknown = [];

    public DecisionScope Scope => scope;
    public CompiledSchema Schema => scope.Schema;
    public Instant Now => scope.Now;
    public Chain Chain => scope.Chain;

    public ObjectType TypeOf(string name) => Schema.FindType(name) ?? throw Rejections.UnknownType(Schema, name);

    /// <summary>The object by number; one that no tuple mentions gets a number that no edge holds, the same for the same name.</summary>
    public ObjectKey Key(ObjectRef value)
    {
        ObjectType type = TypeOf(value.Type);
        if (value.IsWildcard) return new ObjectKey(type.Id, EdgeStore.Wildcard);
        if (!Names.IsObjectId(value.Id)) throw Rejections.InvalidName("object id", value.Id);
        uint number = scope.Bound[type.Id].Find(value.Id);
        return new ObjectKey(type.Id, number != 0 ? number : Unknown(value));
    }

    /// <summary>What is to be made by number: one object.</summary>
    public ObjectKey KeyOfNew(ObjectRef value) => value.IsWildcard ? throw Rejections.WildcardNotAllowed("what is made") : Key(value);

    /// <summary>A principal by number.</summary>
    /// <exception cref="RejectionException">Its type is none, or it is suspended.</exception>
    public ObjectKey Actor(ObjectRef value)
    {
        ObjectKey key = Key(value);
        if (value.IsWildcard || Principals.KindOf(scope, key) is null) throw DelegationRejections.NotOfRole(value, "principal");
        if (Principals.IsSuspended(scope, key, out LiveEdge suspension)) throw Refusal(DenialCode.PresenterSuspended, key, fact: suspension);
        return key;
    }

    /// <summary>Refuses unless somebody answers for the agent.</summary>
    public void ExpectSponsored(ObjectKey agent)
    {
        DenialCode unsponsored = Principals.Unsponsored(scope, agent);
        if (unsponsored != DenialCode.None) throw Refusal(unsponsored, agent);
    }

    public bool IsAgent(ObjectKey principal) => Principals.KindOf(scope, principal) == PrincipalKind.Agent;

    /// <summary>Whether a tuple mentions the object.</summary>
    public static bool IsKnown(ObjectKey key) => key.Number < EdgeStore.FirstUnknown;

    public ObjectRef Name(ObjectKey key)
    {
        if (key.Number >= EdgeStore.FirstUnknown) return _unknown[(int)(key.Number - EdgeStore.FirstUnknown)];
        return key.Number == EdgeStore.Wildcard ? new ObjectRef(Schema[key.Type].Name, Names.Wildcard) : scope.Name(key);
    }

    /// <summary>The subjects of the live edges of a relation.</summary>
    public List<LiveEdge> Live(PlannedRelation relation, ObjectKey resource)
    {
        var live = new List<LiveEdge>();
        EdgeWalk walk = relation.Walk(resource.Number, scope.Revision);
        while (walk.MoveNext())
        {
            scope.Step();
            if (walk.Window.Contains(Now)) live.Add(walk.Edge);
        }
        return live;
    }

    /// <summary>Whether a human answers for an agent, by a path that surely holds.</summary>
    public bool AnswersFor(ObjectKey human, ObjectKey agent) =>
        Principals.KindOf(scope, human) == PrincipalKind.Human
        && scope.Types[agent.Type].Sponsor is { } sponsor
        && PlainChecker.Check(scope, agent, sponsor.Id, new SubjectKey(human), wildcardsProve: false).IsMember;

    /// <summary>Refuses what a decision would deny.</summary>
    public void Expect(in Verdict verdict, Lending? lending = null)
    {
        if (!verdict.IsPermit) throw Refusal(verdict.Code, verdict.Object, verdict.Hop, scope.FailedFact, lending);
    }

    public RejectionException Refusal(DenialCode code, ObjectKey about, int hop = 0, in LiveEdge fact = default, Lending? lending = null) =>
        DelegationRejections.Denied(code, Name(about), hop, fact.IsNone ? null : scope.Name(fact), lending);

    private uint Unknown(ObjectRef value)
    {
        int place = _unknown.IndexOf(value);
        if (place < 0)
        {
            place = _unknown.Count;
            _unknown.Add(value);
        }
        return EdgeStore.FirstUnknown + (uint)place;
    }
}
