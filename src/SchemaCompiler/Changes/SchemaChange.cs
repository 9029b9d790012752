namespace AuthzGraph.SchemaCompiler.Changes;

/// <summary>One difference between two schemas.</summary>
/// <param name="Definition">Whose: a definition, or a caveat in changes of caveats; they share their names. Empty when it is the whole schema's.</param>
/// <param name="Member">The relation or permission, or the caveat's parameter; null when it is the definition's or caveat's.</param>
/// <param name="Before">What it was, as an author writes it: a subject type, an expression, a role, a clause; null where there was nothing.</param>
/// <param name="After">What it is now, likewise.</param>
public sealed record SchemaChange(ChangeKind Kind, string Definition, string? Member = null, string? Before = null, string? After = null)
{
    public Widening Widening { get; init; }

    /// <summary>Why it widens, or may; null when it does not.</summary>
    public string? Why { get; init; }

    /// <summary>The change in one English sentence, without full stop.</summary>
    public string Sentence => ChangeText.Of(this);
}

/// <summary>Whether somebody may do more afterwards, with the relationships of now or with ones that can be written then.</summary>
public enum Widening : byte { No, May, Yes }

/// <summary>Everything a diff can say, in the order in which it says it of one caveat, definition or member.</summary>
public enum ChangeKind : byte
{
    DelegationTurnedOn,
    DelegationTurnedOff,

    CaveatRemoved,
    CaveatAdded,
    CaveatCommentChanged,
    CaveatParameterRemoved,
    CaveatParameterAdded,
    CaveatParameterTypeChanged,
    CaveatExpressionChanged,

    DefinitionRemoved,
    DefinitionAdded,
    DefinitionCommentChanged,
    RoleRemoved,
    RoleAdded,
    RoleChanged,
    DomainChanged,
    WithinRemoved,
    WithinAdded,

    RelationRemoved,
    RelationAdded,
    RelationCommentChanged,
    SubjectTypeRemoved,
    SubjectTypeAdded,
    PermissionRemoved,
    PermissionAdded,
    PermissionCommentChanged,
    PermissionExpressionChanged,
    DelegableRemoved,
    DelegableAdded,
    DelegableTightened,
    DelegableLoosened,
    AutonomousRemoved,
    AutonomousAdded,

    /// <summary>What hops lend on another definition's objects covers this definition's objects within them.</summary>
    LentScopeRemoved,

    /// <inheritdoc cref="LentScopeRemoved"/>
    LentScopeAdded,
}
