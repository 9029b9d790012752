using AuthzGraph.Rpc;

namespace AuthzGraph.Server.Tests.Stores;

/// <summary>What is in two stores that are compared, and a call of each method there is, in an order in which each can be made.</summary>
internal static class IsolationTable
{
    public const string Schema =
        """
        use expiration
        use delegation

        definition user {
            principal human
            relation suspended_by: user
        }

        definition agent {
            principal agent
            relation sponsor: user
            relation suspended_by: user
        }

        definition group {
            relation member: user
        }

        definition task {
            task
            relation opened_by: user with expiration
            relation closed_by: user
        }

        definition grant {
            delegation
            relation delegator: user | agent
            relation delegate: agent with expiration
            relation parent: grant
            relation approver: user
            relation revoked_by: user
            relation view: document
            relation sign: document
        }

        // X
        definition document {
            relation owner: user
            relation viewer: user | group#member
            relation X_reader: user
            permission view = viewer + owner + X_reader
            permission X_view = viewer
            permission sign = owner
            delegable view
            delegable sign approval owner
        }
        """;

    private const string Plan = """{"type":"document","id":"plan"}""";
    private const string ZPlan = """{"objectType":"document","objectId":"plan"}""";
    private const string Vault = """{"type":"document","id":"vault"}""";
    private const string ZVault = """{"objectType":"document","objectId":"vault"}""";
    private const string User = """{"object":{"type":"user","id":"shared"}}""";
    private const string ZUser = """{"object":{"objectType":"user","objectId":"shared"}}""";
    private const string Act = "\"act\":{\"as\":{\"type\":\"user\",\"id\":\"shared\"}}";
    private const string New = """{"resource":{"type":"document","id":"new"},"relation":"viewer","subject":{"object":{"type":"user","id":"new"}}}""";
    private const string ZNew = """{"resource":{"objectType":"document","objectId":"new"},"relation":"viewer","subject":{"object":{"objectType":"user","objectId":"zed"}}}""";
    private const string ZFull = "\"consistency\":{\"fullyConsistent\":true}";
    private const string Bare = "definition user {}";
    private const string Secret = "secret";

    public static string[] Tuples =>
    [
        "document:plan#owner@user:X", "document:plan#viewer@group:X#member", "group:X#member@user:shared", "document:X#owner@user:shared",
        "document:contract#owner@user:shared", "document:draft#viewer@user:X", "agent:bot#sponsor@user:X", "agent:bot#sponsor@user:shared",
        "grant:g1#delegator@user:shared", "grant:g1#delegate@agent:bot[expiration:2999-01-01T00:00:00Z]", "grant:g1#view@document:plan", "grant:g1#view@document:X",
        "grant:g2#delegator@user:shared", "grant:g2#delegate@agent:bot[expiration:2999-01-01T00:00:00Z]", "grant:g2#sign@document:contract",
        "task:t1#opened_by@user:shared[expiration:2999-01-01T00:00:00Z]",
    ];

    /// <param name="Request">In JSON; TOKEN is the store's token of before it was filled.</param>
    /// <param name="Shows">What the first store's answer holds and the second's must not; null: it writes, and isn't called in the first.</param>
    /// <param name="IsEndless">It ends when its deadline does.</param>
    public sealed record Row(string Method, string Request, string? Shows, bool IsEndless = false)
    {
        public bool Ends(RpcCode code) => code == RpcCode.Ok || IsEndless && code == RpcCode.DeadlineExceeded;
    }

    public static Row[] Rows =>
    [
        new("authzgraph.v1.Permissions/Check", $$$$"""{"resource":{{{{Plan}}}},"permission":"view","subject":{{{{User}}}},"explain":true}""", Secret),
        new("authzgraph.v1.Permissions/CheckBatch", $$$$"""{"items":[{"resource":{{{{Vault}}}},"permission":"view","subject":{{{{User}}}}}]}""", "OUTCOME_PERMITTED"),
        new("authzgraph.v1.Permissions/Expand", $$$$"""{"resource":{{{{Plan}}}},"permission":"view","recursive":true}""", Secret),
        new("authzgraph.v1.Permissions/LookupResources", $$$$"""{"resourceType":"document","permission":"view","subject":{{{{User}}}}}""", Secret),
        new("authzgraph.v1.Permissions/LookupSubjects", $$$$"""{"resource":{{{{Plan}}}},"permission":"view","subjectType":"user"}""", Secret),
        new("authzgraph.v1.Permissions/WatchDecision", $$$$"""{"items":[{"resource":{{{{Vault}}}},"permission":"view","subject":{{{{User}}}}}]}""", "OUTCOME_PERMITTED", IsEndless: true),
        new("authzgraph.v1.Relationships/Read", """{"filter":{"resourceType":"document","resourceId":"plan"}}""", Secret),
        new("authzgraph.v1.Relationships/Export", "{}", Secret),
        new("authzgraph.v1.Relationships/Watch", """{"after":"TOKEN"}""", Secret, IsEndless: true),
        new("authzgraph.v1.Schema/Read", "{}", Secret),
        new("authzgraph.v1.Schema/Reflect", "{}", Secret),
        new("authzgraph.v1.Schema/Diff", $$$$"""{"text":"{{{{Bare}}}}"}""", Secret),
        new("authzgraph.v1.Schema/Validate", $$$$"""{"text":"{{{{Bare}}}}"}""", null),
        new("authzgraph.v1.Delegations/Describe", """{"delegation":{"type":"grant","id":"g1"}}""", Secret),
        new("authzed.api.v1.PermissionsService/ReadRelationships", $$$$"""{{{{{ZFull}}}},"relationshipFilter":{"resourceType":"document"}}""", Secret),
        new("authzed.api.v1.PermissionsService/CheckPermission", $$$$"""{{{{{ZFull}}}},"resource":{{{{ZVault}}}},"permission":"view","subject":{{{{ZUser}}}}}""", "PERMISSIONSHIP_HAS_PERMISSION"),
        new("authzed.api.v1.PermissionsService/CheckBulkPermissions", $$$$"""{{{{{ZFull}}}},"items":[{"resource":{{{{ZVault}}}},"permission":"view","subject":{{{{ZUser}}}}}]}""", "PERMISSIONSHIP_HAS_PERMISSION"),
        new("authzed.api.v1.PermissionsService/ExpandPermissionTree", $$$$"""{{{{{ZFull}}}},"resource":{{{{ZPlan}}}},"permission":"view"}""", Secret),
        new("authzed.api.v1.PermissionsService/LookupResources", $$$$"""{{{{{ZFull}}}},"resourceObjectType":"document","permission":"view","subject":{{{{ZUser}}}}}""", Secret),
        new("authzed.api.v1.PermissionsService/LookupSubjects", $$$$"""{{{{{ZFull}}}},"resource":{{{{ZPlan}}}},"permission":"view","subjectObjectType":"user"}""", Secret),
        new("authzed.api.v1.PermissionsService/ExportBulkRelationships", $$$$"""{{{{{ZFull}}}}}""", Secret),
        new("authzed.api.v1.SchemaService/ReadSchema", "{}", Secret),
        new("authzed.api.v1.SchemaService/ReflectSchema", "{}", Secret),
        new("authzed.api.v1.SchemaService/ComputablePermissions", """{"definitionName":"document","relationName":"viewer"}""", Secret),
        new("authzed.api.v1.SchemaService/DependentRelations", """{"definitionName":"document","permissionName":"view"}""", Secret),
        new("authzed.api.v1.SchemaService/DiffSchema", $$$$"""{"comparisonSchema":"definition user {}\ndefinition document { relation viewer: user }"}""", Secret),
        new("authzed.api.v1.WatchService/Watch", """{"optionalStartCursor":{"token":"TOKEN"}}""", Secret, IsEndless: true),
        new("authzed.api.v1.ExperimentalService/BulkExportRelationships", $$$$"""{{{{{ZFull}}}}}""", Secret),
        new("authzed.api.v1.ExperimentalService/BulkCheckPermission", $$$$"""{{{{{ZFull}}}},"items":[{"resource":{{{{ZVault}}}},"permission":"view","subject":{{{{ZUser}}}}}]}""", "PERMISSIONSHIP_HAS_PERMISSION"),
        new("authzed.api.v1.ExperimentalService/ExperimentalReflectSchema", "{}", Secret),
        new("authzed.api.v1.ExperimentalService/ExperimentalComputablePermissions", """{"definitionName":"document","relationName":"viewer"}""", Secret),
        new("authzed.api.v1.ExperimentalService/ExperimentalDependentRelations", """{"definitionName":"document","permissionName":"view"}""", Secret),
        new("authzed.api.v1.ExperimentalService/ExperimentalDiffSchema", $$$$"""{"comparisonSchema":"definition user {}\ndefinition document { relation viewer: user }"}""", Secret),
        new("authzgraph.v1.Store/Checkpoint", "{}", null),
        new("authzgraph.v1.Store/Backup", "{}", Secret),

        // what writes, in the second alone
        new("authzgraph.v1.Delegations/Delegate", $$$$"""{{{{{Act}}}},"id":"g3","delegate":{"type":"agent","id":"bot"},"lends":[{"permission":"view","resource":{{{{Plan}}}}}],"lasting":"600s"}""", null),
        new("authzgraph.v1.Delegations/Approve", $$$$"""{{{{{Act}}}},"delegation":{"type":"grant","id":"g2"}}""", null),
        new("authzgraph.v1.Delegations/Revoke", $$$$"""{{{{{Act}}}},"delegation":{"type":"grant","id":"g1"}}""", null),
        new("authzgraph.v1.Delegations/OpenTask", $$$$"""{{{{{Act}}}},"id":"t2","lasting":"600s"}""", null),
        new("authzgraph.v1.Delegations/CloseTask", $$$$"""{{{{{Act}}}},"task":{"type":"task","id":"t1"}}""", null),
        new("authzgraph.v1.Delegations/Suspend", $$$$"""{{{{{Act}}}},"principal":{"type":"agent","id":"bot"}}""", null),
        new("authzgraph.v1.Delegations/Resume", $$$$"""{{{{{Act}}}},"principal":{"type":"agent","id":"bot"}}""", null),
        new("authzgraph.v1.Relationships/Write", $$$$"""{"updates":[{"operation":"OPERATION_TOUCH","relationship":{{{{New}}}}}]}""", null),
        new("authzgraph.v1.Relationships/Import", $$$$"""{"options":{"operation":"OPERATION_TOUCH"},"relationships":[{{{{New}}}}]}""", null),
        new("authzgraph.v1.Relationships/Delete", """{"filter":{"resourceType":"document","resourceId":"plan"}}""", null),
        new("authzed.api.v1.PermissionsService/WriteRelationships", $$$$"""{"updates":[{"operation":"OPERATION_TOUCH","relationship":{{{{ZNew}}}}}]}""", null),
        new("authzed.api.v1.PermissionsService/DeleteRelationships", """{"relationshipFilter":{"resourceType":"document","optionalRelation":"viewer"}}""", null),
        new("authzed.api.v1.PermissionsService/ImportBulkRelationships", $$$$"""{"relationships":[{{{{ZNew}}}}]}""", null),
        new("authzed.api.v1.ExperimentalService/BulkImportRelationships", $$$$"""{"relationships":[{{{{ZNew.Replace("zed", "other", StringComparison.Ordinal)}}}}]}""", null),
        new("authzed.api.v1.ExperimentalService/ExperimentalRegisterRelationshipCounter", """{"name":"documents","relationshipFilter":{"resourceType":"document"}}""", null),
        new("authzed.api.v1.ExperimentalService/ExperimentalCountRelationships", """{"name":"documents"}""", null),
        new("authzed.api.v1.ExperimentalService/ExperimentalUnregisterRelationshipCounter", """{"name":"documents"}""", null),
        new("authzgraph.v1.Schema/Write", $$$$"""{"text":{{{{Json(Schema.Replace("X", "next", StringComparison.Ordinal))}}}}}""", null),
        new("authzed.api.v1.SchemaService/WriteSchema", $$$$"""{"schema":{{{{Json(Schema.Replace("X", "other", StringComparison.Ordinal))}}}}}""", null),
        new("authzgraph.v1.Store/Create", """{"name":"third"}""", null),
        new("authzgraph.v1.Store/List", "{}", null),
        new("authzgraph.v1.Store/Delete", """{"name":"third"}""", null),
    ];

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
