using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Reflection;

namespace AuthzGraph.SchemaCompiler.Changes;

/// <summary>Whether a change widens authority, and why.</summary>
internal readonly record struct Effect(Widening Widening, string? Why)
{
    public static Effect None => default;
    public static Effect Yes(string why) => new(Widening.Yes, why);
    public static Effect May(string why) => new(Widening.May, why);
}

/// <summary>The rules of docs/language.md, "What widens authority": one method for each kind of change that can.</summary>
internal sealed class WideningRules(SchemaPair pair)
{
    public static Effect DelegationTurnedOff() => Effect.Yes("agents are checked like anybody, suspended principals too");

    public static Effect DefinitionAdded(ObjectType type) =>
        type.Role is Role.Delegation ? Effect.Yes("its objects are hops, which lend authority") : Effect.None;

    public static Effect RoleRemoved(Role before) => before switch
    {
        Role.Principal { Kind: PrincipalKind.Agent } => Effect.Yes("its objects no longer need a delegation or a sponsor"),
        Role.Principal => Effect.Yes("its objects can no longer be suspended"),
        Role.Task => Effect.May("authority no longer ends with its objects"),
        _ => Effect.None,
    };

    public static Effect RoleAdded(Role after) => after switch
    {
        Role.Delegation => Effect.Yes("its objects are hops, which lend authority"),
        Role.Principal { Kind: PrincipalKind.Agent } => Effect.None,
        Role.Principal => Effect.May("its objects can be the root of a chain"),
        _ => Effect.None,
    };

    public static Effect RoleChanged(Role before, Role after) => (before, after) switch
    {
        (Role.Principal { Kind: PrincipalKind.Agent }, Role.Principal) => Effect.Yes("its objects no longer need a delegation or a sponsor"),
        (Role.Principal, Role.Principal { Kind: PrincipalKind.Agent }) => Effect.May("its objects can be lent authority"),
        (Role.Principal, Role.Principal { Kind: PrincipalKind.Human }) => Effect.May("its objects can answer for agents and approve"),
        (Role.Principal, Role.Principal) => Effect.None,
        _ => RoleAdded(after) is { Widening: not Widening.No } added ? added : RoleRemoved(before),
    };

    public static Effect WithinRemoved(ObjectType before) =>
        before.Role is Role.Principal ? Effect.Yes("suspending what they are within no longer stops its objects") : Effect.None;

    public Effect RelationAdded(ObjectType type, Relation relation, Member? before)
    {
        if (type.Role is Role.Delegation hop)
        {
            if (hop.Lent.ContainsKey(relation.Name)) return Effect.Yes($"hops may lend `{relation.Name}`");
            if (relation.Id == hop.Parent) return Effect.Yes("what was lent may be handed on");
            if (relation.Id == hop.Approver) return Effect.Yes("what needs an approval may be lent");
        }
        if (type.Role is Role.Task task && relation.Id == task.Parent) return Effect.May("agents may open tasks within tasks");
        return before is null ? Appeared(relation) : Effect.May("it was a permission");
    }

    public Effect RelationRemoved(ObjectType before, Relation relation)
    {
        if (before.Role is Role.Delegation hop)
        {
            if (relation.Id == hop.Onward) return Effect.Yes("whoever was lent something may hand it on to any agent");
            if (relation.Id == hop.InTask) return Effect.Yes("hops no longer end with a task");
        }
        return Disappeared(relation);
    }

    public Effect PermissionAdded(Permission permission, Member? before) =>
        before is null ? Appeared(permission) : Effect.May("it was a relation");

    public Effect PermissionRemoved(Permission before) => Disappeared(before);

    public Effect SubjectTypeAdded(Relation relation, SubjectType added, ImmutableHashSet<SubjectType> before)
    {
        if (pair.SignsAfter.OnlySubtracts(relation.Id)) return Effect.None;
        SubjectType[] same = [.. before.Where(held => added.IsSameSubject(held))];
        if (same.Length == 0) return Effect.Yes(added.IsWildcard ? $"one edge admits every `{added.Definition}`" : "it may hold more subjects");
        if (same.Any(held => AsksNoMore(held, added))) return Effect.None;
        SubjectType[] stricter = [.. same.Where(held => AsksNoMore(added, held))];
        if (stricter.Any(held => held.Caveat == added.Caveat)) return Effect.Yes("expiration is no longer required");
        if (stricter.Length == 0) return Effect.Yes(added.Caveat is { } other ? $"the caveat `{other}` is enough" : "no caveat is required when it expires");
        string caveats = string.Join(" or ", stricter.Select(held => held.Caveat).OfType<string>().Distinct().Order(StringComparer.Ordinal).Select(name => $"`{name}`"));
        return Effect.Yes($"the caveat {caveats} is no longer required");
    }

    private static bool AsksNoMore(SubjectType loose, SubjectType strict) =>
        (loose.Caveat is null || loose.Caveat == strict.Caveat) && (!loose.Expires || strict.Expires);

    public Effect ExpressionChanged(Permission before, Permission after)
    {
        Widening grows = pair.Inclusion.Compare(before.Rewrite, after.Rewrite);
        if (pair.SignsAfter.MaySubtract(after.Id) && pair.Inclusion.MayNarrow(before.Rewrite, after.Rewrite))
            return Effect.May("it holds less where a permission subtracts it");
        if (pair.SignsAfter.OnlySubtracts(after.Id)) return Effect.None;
        return grows switch
        {
            Widening.Yes => Effect.Yes("it holds all it held, and more"),
            Widening.May => Effect.May("it can't be told whether it holds more"),
            _ => Effect.None,
        };
    }

    public static Effect DelegableAdded() => Effect.Yes("it may be exercised through hops");

    public Effect DelegableChanged(DelegableRule before, DelegableRule after)
    {
        List<string> looser = [];
        if (before.MaxHops is { } hops && (after.MaxHops is null || after.MaxHops > hops)) looser.Add("chains may be longer");
        if (before.MaxTtl is { } ttl && (after.MaxTtl is null || after.MaxTtl > ttl)) looser.Add("hops may last longer");
        IEnumerable<string> dropped = ClauseText.Approvals(pair.Before, before).Except(ClauseText.Approvals(pair.After, after));
        looser.AddRange(dropped.Order(StringComparer.Ordinal).Select(name => $"the approval of `{name}` is no longer needed"));
        return looser.Count == 0 ? Effect.None : Effect.Yes(string.Join(", ", looser));
    }

    public static Effect AutonomousAdded() => Effect.Yes("agents need no delegation for it");

    public static Effect LentScopeAdded(LentScope scope) => Effect.Yes($"hops of `{scope.Delegation}` that exist cover it");

    // an arrow grants nothing where a type lacks its target, so a new member of that name can fill it
    private Effect Appeared(Member member) =>
        pair.SignsAfter.ArrowAdds(member.Id) ? Effect.May("arrows ask for it") : Effect.None;

    private Effect Disappeared(Member member) =>
        pair.SignsBefore.ArrowSubtracts(member.Id) ? Effect.May("arrows that are subtracted asked for it") : Effect.None;
}
