using AuthzGraph.Graph.Tests.Reference;
using static AuthzGraph.Graph.Tests.Agreement.Expressions;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>
/// Variations on one organisation: humans, services and agents, their sponsors and fleets, tasks, one or two types of
/// delegation, folders and documents. Every clause and every optional relation is there in some schemas and missing in others.
/// </summary>
internal sealed class DelegationSchemas(Random random)
{
    private readonly bool _hasBots = random.Chance(0.3);
    private readonly bool _hasFleets = random.Chance(0.6);
    private readonly bool _hasTasks = random.Chance(0.75);
    private readonly bool _hasLeases = random.Chance(0.35);
    private readonly bool _hasAnswerable = random.Chance(0.4);
    private readonly bool _documentsAreInFolders = random.Chance(0.9);

    public static SchemaModel Generate(Random random) => new DelegationSchemas(random).Schema();

    private SchemaModel Schema()
    {
        List<Definition> definitions = [User(), Service(), Team(), Agent(), Grant("grant"), Folder(), Document()];
        if (_hasBots) definitions.Add(Bot());
        if (_hasFleets) definitions.Add(Fleet());
        if (_hasTasks) definitions.Add(Task());
        if (_hasLeases) definitions.Add(Grant("lease"));
        return new SchemaModel(UsesDelegation: true, definitions);
    }

    private Definition User() => new("user")
    {
        Role = RoleKind.Human,
        Relations = Maybe(0.85, Relation("suspended_by", "user", May("user with expiration"))),
    };

    private Definition Service() => new("service")
    {
        Role = RoleKind.Service,
        Relations = Maybe(0.7, Relation("suspended_by", "user")),
    };

    private Definition Team() => new("team")
    {
        Relations =
        [
            Relation("member", "user", May("user with expiration"), "team#member", May("service"), May("agent"), _hasAnswerable ? May("team#answerable") : null),
            .. If(_hasAnswerable, Relation("anyone", "user:*"), Relation("barred", "user", May("user:*"), May("team#answerable"))),
        ],
        Permissions = _hasAnswerable
            ? [new PermissionModel("answerable", Exclusion(random.Chance(0.3)
                ? Intersection(Named("member"), Named("anyone"))
                : Union(Named("member"), Named("anyone")), Named("barred")))]
            : [],
    };

    private Definition Fleet() => new("fleet")
    {
        Relations = [.. Maybe(0.85, Relation("suspended_by", "user")), Relation("parent", "fleet")],
        Within = Maybe(0.6, "parent"),
        Domain = May("ai"),
    };

    private Definition Agent() => new("agent")
    {
        Role = RoleKind.Agent,
        Relations =
        [
            Relation("sponsor", "user", May("user with expiration"), "team#member",
                _hasAnswerable ? "team#answerable" : null),
            .. Maybe(0.75, Relation("suspended_by", "user", May("service"))),
            .. If(_hasFleets, Relation("fleet", "fleet", May("fleet with expiration"))),
        ],
        Permissions = Maybe(0.15, new PermissionModel("configure", Named("sponsor"))),
        Within = _hasFleets ? ["fleet"] : [],
    };

    private static Definition Bot() => new("bot")
    {
        Role = RoleKind.Agent,
        Relations = [Relation("sponsor", "user", "user with expiration")],
    };

    private Definition Task()
    {
        bool canClose = random.Chance(0.85);
        return new Definition("task")
        {
            Role = RoleKind.Task,
            Relations =
            [
                Relation("opened_by", "user with expiration", "agent with expiration", May("user")),
                .. If(canClose, Relation("closed_by", "user", "agent")),
                .. Maybe(0.75, Relation("parent", "task")),
            ],
            Permissions = canClose ? Maybe(0.15, new PermissionModel("closed", Named("closed_by"))) : [],
        };
    }

    private Definition Grant(string name) => new(name)
    {
        Role = RoleKind.Delegation,
        Relations =
        [
            Relation("delegator", "user", "service", "agent", _hasBots ? "bot" : null),
            Relation("delegate", "agent with expiration", May("agent"), _hasBots ? "bot with expiration" : null),
            .. Maybe(0.9, Relation("parent", "grant", _hasLeases ? "lease" : null)),
            .. If(_hasTasks && random.Chance(0.6), Relation("task", "task")),
            .. Maybe(0.5, Relation("onward", "agent", May("agent with expiration"), "agent:*", _hasBots ? "bot:*" : null)),
            .. Maybe(0.7, Relation("approver", "user", May("user with expiration"), May("service"))),
            .. Maybe(0.85, Relation("revoked_by", "user", "agent")),
            Relation("view", "folder", "document", May("document with expiration"), May("document:*"), May("folder:*")),
            .. Maybe(0.8, Relation("edit", "document", _documentsAreInFolders ? May("folder") : null, May("document:*"))),
            .. Maybe(0.8, Relation("delete", "document with expiration", _documentsAreInFolders ? May("folder") : null)),
        ],
    };

    private Definition Folder() => new("folder")
    {
        Domain = May("data"),
        Within = Maybe(0.85, "parent"),
        Relations = [Relation("parent", "folder", May("folder with expiration")), Relation("viewer", "user", "service", "team#member", May("agent"))],
        Permissions = [new PermissionModel("view", random.Pick(
            Union(Named("viewer"), Any("parent", "view")), Named("viewer"), Union(Named("viewer"), All("parent", "view"))))],
        Delegable = [Clause("view")],
        Autonomous = Maybe(0.2, "view"),
    };

    private Definition Document()
    {
        List<Expression> atoms = [Named("owner"), Named("editor"), Named("viewer"), Named("banned"), Any("folder", "view"), All("folder", "view"), Any("folder", "viewer")];
        return new Definition("document")
        {
            Domain = May("data"),
            Within = _documentsAreInFolders ? ["folder"] : [],
            Relations =
            [
                Relation("folder", "folder", May("folder with expiration")),
                Relation("owner", "user", "service", May("user with expiration")),
                Relation("editor", "user", "service", "agent", May("agent with expiration")),
                Relation("viewer", "user", "service", "team#member", May("user:*"), May("agent:*"), _hasAnswerable ? "team#answerable" : null),
                Relation("banned", "user", "team#member", May("user with expiration")),
            ],
            Permissions =
            [
                new PermissionModel("view", random.Chance(0.5)
                    ? Exclusion(Union(Named("editor"), Named("owner"), Any("folder", "view")), Named("banned"))
                    : Union(Named("owner"), Expressions.Random(random, atoms, 2))),
                new PermissionModel("edit", random.Pick(
                    Exclusion(Union(Named("editor"), Named("owner")), Named("banned")),
                    Union(Named("editor"), Named("owner")),
                    Intersection(Named("view"), Union(Named("editor"), Named("owner"))))),
                new PermissionModel("delete", Named("owner")),
                new PermissionModel("share", Named("owner")),
            ],
            Delegable = random.Chance(0.2)
                ? [Clause("*"), Clause("delete")]
                : [Clause("view"), Clause("edit"), Clause("delete"), .. Maybe(0.2, Clause("edit")), .. Maybe(0.2, Clause("owner", "viewer"))],
            Autonomous = random.Some(["view", "edit", "viewer"], 0, 2),
        };
    }

    private DelegableClause Clause(params string[] names) => new(names)
    {
        MaxHops = random.Chance(0.25) ? random.Next(1, 4) : null,
        MaxTtl = random.Chance(0.25) ? random.Pick(new Duration(15, 'm'), new Duration(3_600, 's'), new Duration(6, 'h'), new Duration(2, 'd')) : null,
        Approval = random.Chance(names is ["delete"] ? 0.7 : 0.25) && names is not ["view"] ? random.Pick("owner", "editor", "delete") : null,
    };

    private string? May(string subject) => random.Chance(0.5) ? subject : null;

    private List<T> Maybe<T>(double probability, T value) => random.Chance(probability) ? [value] : [];

    private static List<T> If<T>(bool condition, params List<T> values) => condition ? values : [];
}
