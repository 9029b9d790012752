using System.Text.Json;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using CheckBulkPermissionsRequest = AuthzGraph.Protocol.Authzed.CheckBulkPermissionsRequest;
using CheckBulkPermissionsRequestItem = AuthzGraph.Protocol.Authzed.CheckBulkPermissionsRequestItem;
using CheckBulkPermissionsResponse = AuthzGraph.Protocol.Authzed.CheckBulkPermissionsResponse;

namespace AuthzGraph.Server.Tests;

public sealed class SchemaTests : IAsyncLifetime
{
    private const string Broken = "definition user {}\ndefinition document {\n    permission view = viewer\n}\n";

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_schema_is_read_as_it_was_written()
    {
        WriteSchemaResponse written = await _server.Client.WriteSchemaAsync(new() { Text = TestServer.Schema });
        ReadSchemaResponse read = await _server.Client.ReadSchemaAsync(new() { Consistency = new() { AtLeastAsFresh = written.Token } });
        Assert.Equal(TestServer.Schema, read.Text);
        Assert.Equal(written.Revision, read.Snapshot.Revision);
    }

    [Fact]
    public async Task Before_the_first_schema_everything_says_so()
    {
        Assert.Equal("NO_SCHEMA", (await Words.Fails(_server.Client.ReadSchemaAsync(new()))).Reason);
        Assert.Equal("NO_SCHEMA", (await Words.Fails(_server.Client.CheckAsync(Words.Check("document:readme#view@user:ann")))).Reason);
        Assert.Equal("NO_SCHEMA", (await Words.Fails(_server.Client.WriteRelationshipsAsync(Words.Touch("document:readme#viewer@user:ann")))).Reason);
    }

    [Fact]
    public async Task Before_the_first_schema_each_question_of_a_batch_says_so()
    {
        CheckBatchResponse ours = await _server.Client.CheckBatchAsync(new() { Items = { Words.Item("document:readme#view@user:ann"), Words.Item("document:readme#view@user:bob") } });
        Assert.Equal(["NO_SCHEMA", "NO_SCHEMA"], ours.Results.Select(result => result.Error.Reason));
        Assert.All(ours.Results, result => Assert.Equal((int)RpcCode.FailedPrecondition, result.Error.Code));
        Assert.Equal("", ours.Snapshot.SchemaDigest);

        var item = new CheckBulkPermissionsRequestItem { Resource = SpiceDbWords.Object("document", "readme"), Permission = "view", Subject = SpiceDbWords.Subject("user", "ann") };
        CheckBulkPermissionsResponse theirs = Assert.Single(await SpiceDbWords.CallAsync<CheckBulkPermissionsResponse>(
            _server, "PermissionsService/CheckBulkPermissions", new CheckBulkPermissionsRequest { Items = { item, item }, WithTracing = true }));
        Assert.Equal([item, item], theirs.Pairs.Select(pair => pair.Request));
        Assert.All(theirs.Pairs, pair => Assert.Equal((int)RpcCode.FailedPrecondition, pair.Error.Code));
        Assert.NotEqual("", theirs.CheckedAt.Token);

        const string Evaluations = """{"subject": {"type": "user", "id": "ann"}, "resource": {"type": "document", "id": "readme"}, "evaluations": [{"action": {"name": "view"}}, {"action": {"name": "edit"}}]}""";
        Assert.Equal((200, """{"evaluations":[{"decision":false},{"decision":false}]}"""), await _server.PostAsync("/access/v1/evaluations", Evaluations));
    }

    [Fact]
    public async Task A_schema_that_does_not_compile_is_refused_with_its_diagnostics()
    {
        AuthzGraphException failure = await Words.Fails(_server.Client.WriteSchemaAsync(new() { Text = Broken }));
        Assert.Equal(RpcCode.InvalidArgument, failure.Code);
        Assert.NotEmpty(failure.Reason);
        string diagnostics = string.Join("\n", failure.Metadata.Values.Append(failure.Message));
        Assert.Contains("viewer", diagnostics);
        Assert.Contains("3:", diagnostics);

        (int status, string body) = await _server.PostAsync("/authzgraph.v1.Schema/Write", JsonSerializer.Serialize(new { text = Broken }));
        Assert.Equal(400, status);
        Assert.Contains("viewer", body);
    }

    [Fact]
    public async Task Validate_lists_the_diagnostics_and_writes_nothing()
    {
        ValidateSchemaResponse response = await _server.Client.ValidateSchemaAsync(new() { Text = Broken });
        Assert.False(response.Valid);
        Diagnostic error = response.Diagnostics.First(d => d.Severity == Diagnostic.Types.Severity.Error);
        Assert.Equal(3u, error.Line);
        Assert.Matches("^AZ[0-9]{4}$", error.Code);
        Assert.Equal("viewer", Broken.Substring((int)error.Start, (int)error.Length));

        Assert.True((await _server.Client.ValidateSchemaAsync(new() { Text = TestServer.Schema })).Valid);
        Assert.Equal("NO_SCHEMA", (await Words.Fails(_server.Client.ReadSchemaAsync(new()))).Reason);
    }

    [Fact]
    public async Task A_schema_that_would_orphan_tuples_is_refused()
    {
        await _server.Client.WriteSchemaAsync(new() { Text = TestServer.Schema });
        await _server.Client.WriteRelationshipsAsync(Words.Touch("document:readme#owner@user:ann"));
        AuthzGraphException failure = await Words.Fails(_server.Client.WriteSchemaAsync(new() { Text = "definition user {}" }));
        Assert.NotEmpty(failure.Reason);
        Assert.Equal(TestServer.Schema, (await _server.Client.ReadSchemaAsync(new())).Text);
    }

    [Fact]
    public async Task A_diff_lists_what_changes_what_widens_and_what_stands_in_the_way_and_writes_nothing()
    {
        await _server.Client.WriteSchemaAsync(new() { Text = TestServer.Schema });
        await _server.Client.WriteRelationshipsAsync(Words.Touch("document:readme#owner@user:ann", "document:plan#owner@user:ann"));
        string next = TestServer.Schema.Replace("relation owner: user\n", "relation owner: group#member\n");
        DiffSchemaResponse diff = await _server.Client.DiffSchemaAsync(new() { Text = next });

        Assert.False(diff.Safe);
        Assert.Equal(
        [
            "SubjectTypeRemoved document#owner user>None No",
            "SubjectTypeAdded document#owner None>group#member Yes",
        ], diff.Changes.Select(c => $"{c.Kind} {c.Definition}#{c.Member} {(c.HasBefore ? c.Before : "None")}>{(c.HasAfter ? c.After : "None")} {c.Widening}"));
        Assert.Equal("relation `document#owner` may now hold `group#member`", diff.Changes[1].Sentence);
        SafetyViolation violation = Assert.Single(diff.Violations);
        Assert.Equal((2ul, "document:readme#owner@user:ann"), (violation.Relationships, Words.Text(violation.Example)));
        Assert.Equal(TestServer.Schema, (await _server.Client.ReadSchemaAsync(new())).Text);
    }

    [Fact]
    public async Task A_diff_answers_without_a_schema_and_for_text_that_does_not_compile()
    {
        DiffSchemaResponse first = await _server.Client.DiffSchemaAsync(new() { Text = TestServer.Schema });
        Assert.True(first.Safe);
        Assert.Null(first.Snapshot);
        Assert.Equal(5, first.Changes.Count(c => c.Kind == SchemaChange.Types.Kind.DefinitionAdded));

        DiffSchemaResponse broken = await _server.Client.DiffSchemaAsync(new() { Text = Broken });
        Assert.False(broken.Safe);
        Assert.NotEmpty(broken.Diagnostics);
        Assert.Empty(broken.Changes);
    }

    [Fact]
    public async Task A_schema_is_reflected_as_messages()
    {
        await _server.Client.WriteSchemaAsync(new() { Text = TestServer.Schema });
        ReflectSchemaResponse all = await _server.Client.ReflectSchemaAsync(new());
        Assert.Equal(["user", "agent", "group", "grant", "document"], all.Definitions.Select(d => d.Name));
        Assert.Equal("principal agent", all.Definitions[1].Role);

        ReflectSchemaResponse one = await _server.Client.ReflectSchemaAsync(new() { Definition = "document", Member = "view" });
        ReflectedDefinition document = Assert.Single(one.Definitions);
        ReflectedPermission view = document.Permissions[0];
        Assert.Equal(("view", "viewer + owner", true, ""), (view.Name, view.Expression, view.HasDelegable, view.Delegable));
        Assert.False(document.Permissions[1].HasDelegable);
        Assert.Contains(document.Relations[1].SubjectTypes, t => t is { Definition: "user", Wildcard: true });
        Assert.Equal(["document#owner", "document#viewer", "group#member"], one.DependentRelations.Select(m => $"{m.Definition}#{m.Name}"));

        ReflectSchemaResponse member = await _server.Client.ReflectSchemaAsync(new() { Definition = "group", Member = "member" });
        Assert.Equal("document#view", string.Join(' ', member.ComputablePermissions.Select(m => $"{m.Definition}#{m.Name}")));
    }

    [Fact]
    public async Task A_reflection_of_what_is_not_there_is_refused()
    {
        await _server.Client.WriteSchemaAsync(new() { Text = TestServer.Schema });
        await Words.Fails(RpcCode.FailedPrecondition, "UNKNOWN_TYPE", _server.Client.ReflectSchemaAsync(new() { Definition = "nothing" }));
        await Words.Fails(RpcCode.FailedPrecondition, "UNKNOWN_RELATION", _server.Client.ReflectSchemaAsync(new() { Definition = "user", Member = "nothing" }));
        await Words.Fails(RpcCode.InvalidArgument, "MISSING_FIELD", _server.Client.ReflectSchemaAsync(new() { Member = "view" }));
    }

    [Fact]
    public async Task Caveats_are_reflected_and_their_changes_told()
    {
        const string Old = "// On working days.\ncaveat weekday(day string, hours list<int>) { day != 'sunday' && size(hours) > 0 }\n"
            + "definition user {}\ndefinition document { relation viewer: user with weekday\n permission view = viewer }";
        await _server.Client.WriteSchemaAsync(new() { Text = Old });
        ReflectSchemaResponse reflected = await _server.Client.ReflectSchemaAsync(new());
        ReflectedCaveat caveat = Assert.Single(reflected.Caveats);
        Assert.Equal(("weekday", "On working days.", "day != 'sunday' && size(hours) > 0"), (caveat.Name, caveat.Comment, caveat.Expression));
        Assert.Equal(["day string", "hours list<int>"], caveat.Parameters.Select(p => $"{p.Name} {p.Type}"));
        Assert.Equal(["document#viewer"], caveat.UsedBy.Select(m => $"{m.Definition}#{m.Name}"));
        Assert.Equal("weekday", reflected.Definitions[1].Relations[0].SubjectTypes[0].Caveat);
        Assert.Single((await _server.Client.ReflectSchemaAsync(new() { Definition = "document" })).Caveats);
        Assert.Empty((await _server.Client.ReflectSchemaAsync(new() { Definition = "user" })).Caveats);

        string next = Old.Replace(", hours list<int>", "").Replace(" && size(hours) > 0", "").Replace("user with weekday", "user with weekday | user");
        DiffSchemaResponse diff = await _server.Client.DiffSchemaAsync(new() { Text = next });
        Assert.Equal(
        [
            "CaveatParameterRemoved weekday#hours list<int>> No",
            "CaveatExpressionChanged weekday# day != \"sunday\" && size(hours) > 0>day != \"sunday\" Yes",
            "SubjectTypeAdded document#viewer >user Yes",
        ], diff.Changes.Select(c => $"{c.Kind} {c.Definition}#{c.Member} {c.Before}>{c.After} {c.Widening}"));
    }
}
