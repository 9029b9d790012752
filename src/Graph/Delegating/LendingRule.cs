using AuthzGraph.Graph.Engine;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Delegating;

/// <summary>
/// Whether what a new hop lends is the chain's to lend: delegable, lent by every hop before, for no longer than allowed, and held by the root
/// now. A permission that the named object's own type does not let be delegated is meant for what is within it: then one type within it that
/// it can be used on is enough, and what the root holds there is for each decision to see.
/// </summary>
internal sealed class LendingRule(Ground ground, ObjectKey hop, ObjectKey root, Window window)
{
    private readonly DecisionScope _scope = ground.Scope;

    /// <summary>The permissions of a name that may be delegated: the type's own or, if that may not, those of the types within it.</summary>
    public static List<Member> MembersOf(CompiledSchema schema, ObjectType type, string permission)
    {
        if (schema.FindMember(type.Id, permission) is { Delegable: not null } own) return [own];
        return [.. TypesWithin(schema, type).Select(inner => schema.FindMember(inner.Id, permission)).OfType<Member>().Where(member => member.Delegable is not null)];
    }

    public void Expect(IReadOnlyList<Lending> lends)
    {
        if (lends.Count > _scope.Limits.LentPerDelegation)
            throw Rejections.TooMany("TOO_MANY_LENT", "lent permissions", lends.Count, _scope.Limits.LentPerDelegation);
        if (Principals.IsSuspended(_scope, root, out LiveEdge suspension)) throw ground.Refusal(DenialCode.RootSuspended, root, fact: suspension);
        foreach (Lending lent in lends) Expect(lent);
    }

    private void Expect(Lending lent)
    {
        ObjectType type = ground.TypeOf(lent.Resource.Type);
        if (ground.Schema[hop.Type] is { Role: Role.Delegation role } own && !role.Lent.ContainsKey(lent.Permission))
            throw DelegationRejections.NotLent(own.Name, lent.Permission);
        ObjectKey resource = ground.Key(lent.Resource);
        List<Member> members = MembersOf(ground.Schema, type, lent.Permission);
        if (members.Count == 0) throw ground.Refusal(DenialCode.NotDelegable, resource, lending: lent);
        Reach(resource);
        Verdict first = Judge(members[0], resource);
        LiveEdge fact = _scope.FailedFact;
        if (!first.IsPermit && !members.Skip(1).Any(member => Judge(member, resource).IsPermit))
            throw ground.Refusal(first.Code, first.Object, first.Hop, fact, lent);
        if (members[0].Type == type.Id && !lent.Resource.IsWildcard) ExpectRootHolds(members[0], resource, lent);
    }

    /// <summary>What covers the resource; every object of a type is covered by the wildcard alone.</summary>
    private void Reach(ObjectKey resource)
    {
        _scope.Containers.Clear();
        if (resource.Number != Index.EdgeStore.Wildcard) Ancestry.Containers(_scope, resource, _scope.Containers);
        else _scope.Containers.Add(resource);
    }

    private Verdict Judge(Member member, ObjectKey resource)
    {
        DelegableRule rule = member.Delegable ?? throw new InvariantException("only what may be delegated is judged");
        int number = ground.Chain.Count + 1;
        if (number > rule.MaxHops) return _scope.Deny(DenialCode.DepthExceeded, 10, number, hop);
        var question = new ResolvedQuestion(resource, member.Id, new SubjectKey(root), null, null, null);
        for (int i = 0; i < ground.Chain.Count; i++)
            if (HopRules.JudgeScope(_scope, question, i) is { IsPermit: false } fault) return fault;
        return Lasts(rule) ? Verdict.Permit : _scope.Deny(DenialCode.TtlLimit, 11, number, hop);
    }

    private bool Lasts(DelegableRule rule) => rule.MaxTtl is not { } ttl
        || window.NotBefore.IsFinite && window.ExpiresAt.IsFinite && window.NotBefore.Plus((long)ttl.TotalMicroseconds) >= window.ExpiresAt;

    private void ExpectRootHolds(Member member, ObjectKey resource, Lending lent)
    {
        Finding found = PlainChecker.Check(_scope, resource, member.Id, new SubjectKey(root));
        if (found.Truth == Truth.Unknown) throw _scope.TakeFault();
        if (found.IsNotMember) throw ground.Refusal(DenialCode.RootLacksPermission, root, lending: lent);
    }

    private static List<ObjectType> TypesWithin(CompiledSchema schema, ObjectType container)
    {
        var within = new List<ObjectType> { container };
        for (int i = 0; i < within.Count; i++)
            within.AddRange(schema.Types.Where(type => IsWithin(schema, type, within[i])).Except(within).ToArray());
        return within[1..];
    }

    private static bool IsWithin(CompiledSchema schema, ObjectType type, ObjectType container) =>
        type.Within.Any(relation => schema[relation] is Relation edges && edges.EdgeTypes.Any(edge => edge.SubjectType == container.Id));
}
