using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Perf.Serving;

/// <summary>The graph that a server under measurement serves, and what it is asked: every question with the answer it must get.</summary>
internal static class ServingSample
{
    public const int Batch = 100;

    private const int Documents = 10_000;
    private const int Folders = 100;

    /// <summary>With delegation, so that each check asks also who is suspended.</summary>
    public const string Schema = """
        use expiration
        use delegation
        definition user { principal human; relation suspended_by: user }
        definition agent { principal agent; relation sponsor: user; relation suspended_by: user }
        definition group { relation member: user | group#member }
        definition grant {
            delegation
            relation delegator: user | agent
            relation delegate: agent with expiration
            relation parent: grant
            relation onward: agent
            relation revoked_by: user
            relation view: document
        }
        definition folder { relation viewer: user | group#member; permission view = viewer }
        definition document {
            relation folder: folder
            relation owner: user
            relation viewer: user | group#member
            permission view = viewer + owner + folder->view
            permission edit = owner
            delegable view
        }
        """;

    public static IEnumerable<Relationship> Relationships =>
    [
        .. Enumerable.Range(0, Documents).SelectMany(i => (Relationship[])
        [
            Of("document", $"report-{i}", "owner", "user", $"owner-{i % 1_000}"),
            Of("document", $"report-{i}", "viewer", "user", $"reader-{i % 2_000}"),
            Of("document", $"report-{i}", "viewer", "group", $"team-{i % Folders}", "member"),
            Of("document", $"report-{i}", "folder", "folder", $"quarter-{i % Folders}"),
        ]),
        .. Enumerable.Range(0, Folders).SelectMany(i => (Relationship[])
        [
            Of("folder", $"quarter-{i}", "viewer", "user", $"auditor-{i}"),
            .. Enumerable.Range(0, 10).Select(member => Of("group", $"team-{i}", "member", "user", $"colleague-{member}-{i}")),
        ]),
        .. Hop(1, "user", "owner-7", "document", "report-7"), .. Hop(2, "agent", "agent-1", "document", "report-7"), .. Hop(3, "agent", "agent-2", "document", "report-7"),
    ];

    /// <summary>Permitted by one relationship.</summary>
    public static CheckRequest Check => new() { Resource = Object("document", "report-7"), Permission = "view", Subject = Subject("user", "reader-7") };

    /// <summary>Permitted by a chain of three hops.</summary>
    public static CheckRequest DelegatedCheck => new()
    {
        Resource = Object("document", "report-7"), Permission = "view", Subject = Subject("agent", "agent-3"), Acting = new Acting { Delegation = Object("grant", "hop-3") },
    };

    /// <summary>Each permitted by one relationship.</summary>
    public static IReadOnlyList<(CheckBatchItem Item, Outcome Expected)> DirectChecks =>
        [.. Enumerable.Range(0, Batch).Select(i => (Item(i * 97, kind: 0), Outcome.Permitted))];

    /// <summary>A quarter each: by a relationship, by a group, by a folder, denied; and how each ends.</summary>
    public static IReadOnlyList<(CheckBatchItem Item, Outcome Expected)> Checks =>
    [
        .. Enumerable.Range(0, Batch).Select(i => (Item(i * 97, i % 4), i % 4 == 3 ? Outcome.Denied : Outcome.Permitted)),
    ];

    public static Relationship Of(string type, string id, string relation, string subjectType, string subjectId, string subjectRelation = "") => new()
    {
        Resource = Object(type, id), Relation = relation, Subject = new SubjectReference { Object = Object(subjectType, subjectId), Relation = subjectRelation },
    };

    private static CheckBatchItem Item(int document, int kind) =>
        new() { Resource = Object("document", $"report-{document}"), Permission = "view", Subject = Subject("user", Reader(document, kind)) };

    private static string Reader(int document, int kind) => kind switch
    {
        0 => $"reader-{document % 2_000}",
        1 => $"colleague-4-{document % Folders}",
        2 => $"auditor-{document % Folders}",
        _ => $"colleague-4-{(document + 1) % Folders}",
    };

    private static Relationship[] Hop(int number, string delegatorType, string delegator, string type, string id)
    {
        Relationship given = Of("grant", $"hop-{number}", "delegate", "agent", $"agent-{number}");
        given.ExpiresAt = new() { Seconds = 4_000_000_000 };
        return
        [
            given, Of("agent", $"agent-{number}", "sponsor", "user", "owner-7"), Of("grant", $"hop-{number}", "delegator", delegatorType, delegator),
            Of("grant", $"hop-{number}", "onward", "agent", $"agent-{number + 1}"), Of("grant", $"hop-{number}", "view", type, id),
            .. number == 1 ? Array.Empty<Relationship>() : [Of("grant", $"hop-{number}", "parent", "grant", $"hop-{number - 1}")],
        ];
    }

    private static ObjectReference Object(string type, string id) => new() { Type = type, Id = id };

    private static SubjectReference Subject(string type, string id) => new() { Object = Object(type, id) };
}
