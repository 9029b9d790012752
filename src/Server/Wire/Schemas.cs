using System.Diagnostics;
using AuthzGraph.Graph;
using AuthzGraph.Protocol.V1;
using AuthzGraph.SchemaCompiler.Changes;
using AuthzGraph.SchemaCompiler.Reflection;
using SchemaChange = AuthzGraph.SchemaCompiler.Changes.SchemaChange;
using SubjectType = AuthzGraph.SchemaCompiler.Reflection.SubjectType;
using ReflectedCaveat = AuthzGraph.SchemaCompiler.Reflection.ReflectedCaveat;
using ReflectedDefinition = AuthzGraph.SchemaCompiler.Reflection.ReflectedDefinition;
using ReflectedPermission = AuthzGraph.SchemaCompiler.Reflection.ReflectedPermission;
using ReflectedRelation = AuthzGraph.SchemaCompiler.Reflection.ReflectedRelation;
using WireChange = AuthzGraph.Protocol.V1.SchemaChange;
using WireKind = AuthzGraph.Protocol.V1.SchemaChange.Types.Kind;
using WireWidening = AuthzGraph.Protocol.V1.SchemaChange.Types.Widening;

namespace AuthzGraph.Server.Wire;

/// <summary>Reviews and reflections of schemas, in the words of the wire.</summary>
internal static class Schemas
{
    public static DiffSchemaResponse ToWire(this SchemaReview review)
    {
        DiffSchemaResponse wire = new() { Safe = review.IsSafe, Snapshot = review.Snapshot.HasSchema ? review.Snapshot.ToWire() : null };
        wire.Diagnostics.AddRange(review.Diagnostics.Select(Answers.ToWire));
        wire.Changes.AddRange(review.Changes.Select(ToWire));
        wire.Violations.AddRange(review.Violations.Select(ToWire));
        return wire;
    }

    public static Protocol.V1.ReflectedDefinition ToWire(this ReflectedDefinition definition)
    {
        Protocol.V1.ReflectedDefinition wire = new()
        {
            Name = definition.Name,
            Comment = definition.Comment ?? "",
            Role = definition.Role ?? "",
            Domain = definition.Domain ?? "",
        };
        wire.Within.AddRange(definition.Within);
        wire.Relations.AddRange(definition.Relations.Select(ToWire));
        wire.Permissions.AddRange(definition.Permissions.Select(ToWire));
        return wire;
    }

    public static Protocol.V1.ReflectedCaveat ToWire(this ReflectedCaveat caveat)
    {
        Protocol.V1.ReflectedCaveat wire = new() { Name = caveat.Name, Comment = caveat.Comment ?? "", Expression = caveat.Expression };
        wire.Parameters.AddRange(caveat.Parameters.Select(parameter => new CaveatParameter { Name = parameter.Name, Type = parameter.Type }));
        wire.UsedBy.AddRange(caveat.UsedBy.Select(ToWire));
        return wire;
    }

    public static MemberReference ToWire(this MemberName member) =>
        new() { Definition = member.Definition, Name = member.Name, Permission = member.IsPermission };

    private static Protocol.V1.ReflectedRelation ToWire(ReflectedRelation relation)
    {
        Protocol.V1.ReflectedRelation wire = new() { Name = relation.Name, Comment = relation.Comment ?? "", Autonomous = relation.IsAutonomous };
        if (relation.Delegable is { } limits) wire.Delegable = limits;
        wire.SubjectTypes.AddRange(relation.SubjectTypes.Select(ToWire));
        return wire;
    }

    private static Protocol.V1.ReflectedPermission ToWire(ReflectedPermission permission)
    {
        Protocol.V1.ReflectedPermission wire = new()
        {
            Name = permission.Name,
            Comment = permission.Comment ?? "",
            Expression = permission.Expression,
            Autonomous = permission.IsAutonomous,
        };
        if (permission.Delegable is { } limits) wire.Delegable = limits;
        return wire;
    }

    private static Protocol.V1.SubjectType ToWire(SubjectType type) =>
        new() { Definition = type.Definition, Relation = type.Relation ?? "", Wildcard = type.IsWildcard, Expires = type.Expires, Caveat = type.Caveat ?? "" };

    private static Protocol.V1.SafetyViolation ToWire(Graph.SafetyViolation violation) =>
        new() { Change = violation.Change, Relationships = (ulong)violation.Tuples, Example = violation.Example.ToWire() };

    private static WireChange ToWire(SchemaChange change)
    {
        WireChange wire = new()
        {
            Kind = ToWire(change.Kind),
            Definition = change.Definition,
            Member = change.Member ?? "",
            Widening = ToWire(change.Widening),
            Why = change.Why ?? "",
            Sentence = change.Sentence,
        };
        if (change.Before is { } before) wire.Before = before;
        if (change.After is { } after) wire.After = after;
        return wire;
    }

    private static WireWidening ToWire(Widening widening) => widening switch
    {
        Widening.No => WireWidening.No,
        Widening.May => WireWidening.May,
        Widening.Yes => WireWidening.Yes,
        _ => throw new UnreachableException(),
    };

    private static WireKind ToWire(ChangeKind kind) => kind switch
    {
        ChangeKind.DelegationTurnedOn => WireKind.DelegationTurnedOn,
        ChangeKind.DelegationTurnedOff => WireKind.DelegationTurnedOff,
        ChangeKind.CaveatRemoved => WireKind.CaveatRemoved,
        ChangeKind.CaveatAdded => WireKind.CaveatAdded,
        ChangeKind.CaveatCommentChanged => WireKind.CaveatCommentChanged,
        ChangeKind.CaveatParameterRemoved => WireKind.CaveatParameterRemoved,
        ChangeKind.CaveatParameterAdded => WireKind.CaveatParameterAdded,
        ChangeKind.CaveatParameterTypeChanged => WireKind.CaveatParameterTypeChanged,
        ChangeKind.CaveatExpressionChanged => WireKind.CaveatExpressionChanged,
        ChangeKind.DefinitionRemoved => WireKind.DefinitionRemoved,
        ChangeKind.DefinitionAdded => WireKind.DefinitionAdded,
        ChangeKind.DefinitionCommentChanged => WireKind.DefinitionCommentChanged,
        ChangeKind.RoleRemoved => WireKind.RoleRemoved,
        ChangeKind.RoleAdded => WireKind.RoleAdded,
        ChangeKind.RoleChanged => WireKind.RoleChanged,
        ChangeKind.DomainChanged => WireKind.DomainChanged,
        ChangeKind.WithinRemoved => WireKind.WithinRemoved,
        ChangeKind.WithinAdded => WireKind.WithinAdded,
        ChangeKind.RelationRemoved => WireKind.RelationRemoved,
        ChangeKind.RelationAdded => WireKind.RelationAdded,
        ChangeKind.RelationCommentChanged => WireKind.RelationCommentChanged,
        ChangeKind.SubjectTypeRemoved => WireKind.SubjectTypeRemoved,
        ChangeKind.SubjectTypeAdded => WireKind.SubjectTypeAdded,
        ChangeKind.PermissionRemoved => WireKind.PermissionRemoved,
        ChangeKind.PermissionAdded => WireKind.PermissionAdded,
        ChangeKind.PermissionCommentChanged => WireKind.PermissionCommentChanged,
        ChangeKind.PermissionExpressionChanged => WireKind.PermissionExpressionChanged,
        ChangeKind.DelegableRemoved => WireKind.DelegableRemoved,
        ChangeKind.DelegableAdded => WireKind.DelegableAdded,
        ChangeKind.DelegableTightened => WireKind.DelegableTightened,
        ChangeKind.DelegableLoosened => WireKind.DelegableLoosened,
        ChangeKind.AutonomousRemoved => WireKind.AutonomousRemoved,
        ChangeKind.AutonomousAdded => WireKind.AutonomousAdded,
        ChangeKind.LentScopeRemoved => WireKind.LentScopeRemoved,
        ChangeKind.LentScopeAdded => WireKind.LentScopeAdded,
        _ => throw new UnreachableException(),
    };
}
