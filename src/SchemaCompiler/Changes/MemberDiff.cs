using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Reflection;

namespace AuthzGraph.SchemaCompiler.Changes;

/// <summary>What changed in the members of one definition: relations by name, then permissions by name.</summary>
internal sealed class MemberDiff(SchemaPair pair, ObjectType before, ObjectType after)
{
    private readonly WideningRules _rules = new(pair);
    private readonly string _type = after.Name;

    public IEnumerable<SchemaChange> Changes() =>
        [.. Names<Relation>().SelectMany(Relation), .. Names<Permission>().SelectMany(Permission)];

    private IEnumerable<string> Names<T>() where T : Member =>
        before.Members.Concat(after.Members).OfType<T>().Select(member => member.Name).Distinct().Order(StringComparer.Ordinal);

    private IEnumerable<SchemaChange> Relation(string name) => (Old(name) as Relation, New(name) as Relation) switch
    {
        ({ } old, null) => [new SchemaChange(ChangeKind.RelationRemoved, _type, name).With(_rules.RelationRemoved(before, old))],
        (null, { } now) =>
        [
            new SchemaChange(ChangeKind.RelationAdded, _type, name).With(_rules.RelationAdded(after, now, Old(name))),
            .. Clauses(Old(name), now),
        ],
        ({ } old, { } now) => [.. Comment(ChangeKind.RelationCommentChanged, old, now), .. SubjectTypes(old, now), .. Clauses(old, now)],
        _ => [],
    };

    private IEnumerable<SchemaChange> Permission(string name) => (Old(name) as Permission, New(name) as Permission) switch
    {
        ({ } old, null) => [Gone(old)],
        (null, { } now) =>
        [
            new SchemaChange(ChangeKind.PermissionAdded, _type, name, null, RewriteText.Of(pair.After, now.Rewrite))
                .With(_rules.PermissionAdded(now, Old(name))),
            .. Clauses(Old(name), now),
        ],
        ({ } old, { } now) => [.. Comment(ChangeKind.PermissionCommentChanged, old, now), .. Expression(old, now), .. Clauses(old, now)],
        _ => [],
    };

    private SchemaChange Gone(Permission old) =>
        new SchemaChange(ChangeKind.PermissionRemoved, _type, old.Name, RewriteText.Of(pair.Before, old.Rewrite)).With(_rules.PermissionRemoved(old));

    private IEnumerable<SchemaChange> Comment(ChangeKind kind, Member old, Member now)
    {
        if (old.Comment != now.Comment) yield return new SchemaChange(kind, _type, now.Name, old.Comment, now.Comment);
    }

    private IEnumerable<SchemaChange> SubjectTypes(Relation old, Relation now)
    {
        ImmutableHashSet<SubjectType> held = [.. SubjectType.Of(pair.Before, old)];
        ImmutableHashSet<SubjectType> holds = [.. SubjectType.Of(pair.After, now)];
        foreach (SubjectType removed in Sorted(held.Except(holds)))
            yield return new SchemaChange(ChangeKind.SubjectTypeRemoved, _type, now.Name, removed.ToString());
        foreach (SubjectType added in Sorted(holds.Except(held)))
            yield return new SchemaChange(ChangeKind.SubjectTypeAdded, _type, now.Name, null, added.ToString())
                .With(_rules.SubjectTypeAdded(now, added, held));
    }

    private IEnumerable<SchemaChange> Expression(Permission old, Permission now)
    {
        string was = RewriteText.Of(pair.Before, old.Rewrite);
        string becomes = RewriteText.Of(pair.After, now.Rewrite);
        if (was != becomes)
            yield return new SchemaChange(ChangeKind.PermissionExpressionChanged, _type, now.Name, was, becomes).With(_rules.ExpressionChanged(old, now));
    }

    private IEnumerable<SchemaChange> Clauses(Member? old, Member now)
    {
        string? was = old?.Delegable is { } oldRule ? ClauseText.Of(pair.Before, oldRule) : null;
        string? becomes = now.Delegable is { } rule ? ClauseText.Of(pair.After, rule) : null;
        if (was != becomes) yield return Delegable(old, now, was, becomes);
        bool wasAutonomous = old is { IsAutonomous: true };
        if (wasAutonomous && !now.IsAutonomous) yield return new SchemaChange(ChangeKind.AutonomousRemoved, _type, now.Name);
        if (!wasAutonomous && now.IsAutonomous)
            yield return new SchemaChange(ChangeKind.AutonomousAdded, _type, now.Name).With(WideningRules.AutonomousAdded());
    }

    private SchemaChange Delegable(Member? old, Member now, string? was, string? becomes)
    {
        (ChangeKind kind, Effect effect) = (old?.Delegable, now.Delegable) switch
        {
            (_, null) => (ChangeKind.DelegableRemoved, Effect.None),
            (null, _) => (ChangeKind.DelegableAdded, WideningRules.DelegableAdded()),
            ({ } strict, { } rule) => _rules.DelegableChanged(strict, rule) is { Widening: not Widening.No } looser
                ? (ChangeKind.DelegableLoosened, looser)
                : (ChangeKind.DelegableTightened, Effect.None),
        };
        return new SchemaChange(kind, _type, now.Name, was, becomes).With(effect);
    }

    private static IOrderedEnumerable<SubjectType> Sorted(IEnumerable<SubjectType> types) =>
        types.OrderBy(type => type.ToString(), StringComparer.Ordinal);

    private Member? Old(string name) => pair.Before.FindMember(before.Id, name);

    private Member? New(string name) => pair.After.FindMember(after.Id, name);
}
