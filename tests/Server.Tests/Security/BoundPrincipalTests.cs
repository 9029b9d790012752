using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Google.Protobuf;

namespace AuthzGraph.Server.Tests.Security;

/// <summary>A credential that is bound to a principal asks as that principal alone, and a delegation is worth nothing to who stole its id.</summary>
public sealed class BoundPrincipalTests : IAsyncLifetime
{
    private const string Credentials =
        """
          - name: bot
            keys: [{bot}]
            rights: [check]
            principal: agent:bot
            denials: all
          - name: thief
            keys: [{thief}]
            rights: [check]
            principal: agent:sub
            denials: all
          - name: historian
            keys: [{historian}]
            rights: [check, simulate]
            principal: agent:bot
          - name: gateway
            keys: [{gateway}]
            rights: [check, read]
          - name: auditor
            keys: [{auditor}]
            rights: [check, read, audit]
          - name: silent
            keys: [{silent}]
            rights: [check]
            denials: nothing
          - name: brief
            keys: [{brief}]
            rights: [check]
            denials: code
          - name: writer
            keys: [{writer}]
            rights: [write, read]
          - name: broker
            keys: [{broker}]
            rights: [write, authority]

        """;

    private SecuredServer? _server;

    private SecuredServer Server => _server ?? throw new InvalidOperationException("not started");

    public async Task InitializeAsync() => _server = await SecuredServer.StartFilledAsync(Credentials);

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task A_cursor_is_no_way_into_the_past()
    {
        LaterTime time = new();
        await using SecuredServer server = await SecuredServer.StartFilledAsync(Credentials, time);
        LookupResourcesRequest asked = new()
        {
            ResourceType = "document", Permission = "view", Subject = Words.Subject("agent:bot"), Acting = new() { Delegation = Words.Object("grant:g1") }, Limit = 1,
        };
        asked.Cursor = (await server.As("bot").LookupResourcesAsync(asked).ToListAsync())[^1].Cursor;
        await server.As("bot").LookupResourcesAsync(asked).ToListAsync();
        time.Advance(TimeSpan.FromMinutes(11));
        await Words.Fails(RpcCode.PermissionDenied, "RIGHT_MISSING", server.As("bot").LookupResourcesAsync(asked).ToListAsync().AsTask());
        foreach (string may in (string[])["historian", "gateway"]) await server.As(may).LookupResourcesAsync(asked).ToListAsync();
        asked.Cursor = "";
        await server.As("bot").LookupResourcesAsync(asked).ToListAsync();
    }

    [Fact]
    public async Task The_delegate_acts_with_its_delegation() =>
        Assert.Equal(Outcome.Permitted, (await Server.As("bot").CheckAsync(Delegated("agent:bot", "grant:g1"))).Decision.Outcome);

    [Fact]
    public async Task A_stolen_delegation_is_worth_nothing()
    {
        // as itself, the thief is not the delegate; as the delegate, it is not itself
        Assert.Equal(Outcome.Denied, (await Server.As("thief").CheckAsync(Delegated("agent:sub", "grant:g1"))).Decision.Outcome);
        await Refused(Server.As("thief").CheckAsync(Delegated("agent:bot", "grant:g1")));
        await Refused(Server.As("thief").CheckBatchAsync(new() { Items = { Words.Item("document:readme#view@agent:sub"), Words.Item("document:readme#view@agent:bot") } }));
        await Refused(First(Server.As("thief").LookupResourcesAsync(new() { ResourceType = "document", Permission = "view", Subject = Words.Subject("agent:bot"), Acting = Acting("grant:g1") })));
        await Refused(Server.As("thief").CheckAsync(Words.Check("document:readme#view@user:ann")));
        await Refused(Server.As("thief").CheckAsync(Words.Check("document:readme#view@agent:sub#sponsor")));
    }

    [Fact]
    public async Task A_stolen_delegation_is_worth_nothing_over_authzen_and_spicedb()
    {
        const string Stolen = """{"subject":{"type":"agent","id":"bot"},"action":{"name":"view"},"resource":{"type":"document","id":"readme"},"context":{"acting":{"delegation":"grant:g1"}}}""";
        Assert.Equal((200, """{"decision":true}"""), await Server.PostAsync("/access/v1/evaluation", Stolen, "bot"));
        Assert.Equal(403, (await Server.PostAsync("/access/v1/evaluation", Stolen, "thief")).Status);
        Assert.Equal(403, (await Server.PostAsync("/access/v1/evaluations", $$"""{"evaluations":[{{Stolen}}]}""", "thief")).Status);
        Assert.Equal(403, (await Server.PostAsync("/access/v1/search/resource", Stolen, "thief")).Status);
        Assert.Equal(403, (await Server.PostAsync("/access/v1/search/action", Stolen, "thief")).Status);

        var check = new Protocol.Authzed.CheckPermissionRequest
        {
            Resource = new() { ObjectType = "document", ObjectId = "readme" },
            Permission = "view",
            Subject = new() { Object = new() { ObjectType = "agent", ObjectId = "bot" } },
            Context = Google.Protobuf.WellKnownTypes.Struct.Parser.ParseJson("""{"acting":{"delegation":"grant:g1"}}"""),
        };
        Assert.Equal(RpcCode.Ok, await SpiceDbAsync("bot", "CheckPermission", check));
        Assert.Equal(RpcCode.PermissionDenied, await SpiceDbAsync("thief", "CheckPermission", check));
        var bulk = new Protocol.Authzed.CheckBulkPermissionsRequest { Items = { new Protocol.Authzed.CheckBulkPermissionsRequestItem { Resource = check.Resource, Permission = "view", Subject = check.Subject } } };
        Assert.Equal(RpcCode.PermissionDenied, await SpiceDbAsync("thief", "CheckBulkPermissions", bulk));
        var lookup = new Protocol.Authzed.LookupResourcesRequest { ResourceObjectType = "document", Permission = "view", Subject = check.Subject };
        Assert.Equal(RpcCode.PermissionDenied, await SpiceDbAsync("thief", "LookupResources", lookup));
    }

    [Fact]
    public async Task A_delegation_of_others_looks_like_one_that_does_not_exist()
    {
        CheckRequest foreign = Delegated("agent:sub", "grant:g1"), unknown = Delegated("agent:sub", "grant:none");
        (foreign.Explain, unknown.Explain) = (true, true);
        Decision one = (await Server.As("thief").CheckAsync(foreign)).Decision, other = (await Server.As("thief").CheckAsync(unknown)).Decision;
        Assert.Equal(DenialCode.HopUnknown, one.Code);
        other.Object = Words.Object("grant:g1");
        Assert.Equal(other, one);

        // whoever asks for others is told which it is
        Assert.Equal(DenialCode.PresenterMismatch, (await Server.As("gateway").CheckAsync(Delegated("agent:sub", "grant:g1"))).Decision.Code);
    }

    [Fact]
    public async Task History_does_not_undo_a_revocation()
    {
        CheckResponse before = await Server.As("bot").CheckAsync(Delegated("agent:bot", "grant:g1"));
        await Server.As(SecuredServer.Root).WriteRelationshipsAsync(Words.Touch("grant:g1#revoked_by@user:ann"));
        CheckRequest then = Delegated("agent:bot", "grant:g1");
        then.Consistency = new() { AtExactSnapshot = before.Snapshot.Token };
        await Words.Fails(RpcCode.PermissionDenied, "RIGHT_MISSING", Server.As("bot").CheckAsync(then));
        await Words.Fails(RpcCode.PermissionDenied, "RIGHT_MISSING", Server.As("bot").CheckBatchAsync(new() { Consistency = then.Consistency }));
        Assert.Equal(Outcome.Permitted, (await Server.As("historian").CheckAsync(then)).Decision.Outcome);
        then.Consistency = new() { AtLeastAsFresh = before.Snapshot.Token };
        Assert.Equal(Outcome.Denied, (await Server.As("bot").CheckAsync(then)).Decision.Outcome);
    }

    [Fact]
    public async Task Agents_are_listed_with_their_roots_to_auditors_alone()
    {
        LookupSubjectsRequest who = new() { Resource = Words.Object("document:readme"), Permission = "view", SubjectType = "agent", Acting = true };
        ExpandRequest tree = new() { Resource = Words.Object("document:readme"), Permission = "view", ActingType = "agent" };
        await Words.Fails(RpcCode.PermissionDenied, "RIGHT_MISSING", First(Server.As("gateway").LookupSubjectsAsync(who)));
        await Words.Fails(RpcCode.PermissionDenied, "RIGHT_MISSING", Server.As("gateway").ExpandAsync(tree));
        Assert.Contains((await First(Server.As("auditor").LookupSubjectsAsync(who))).Subjects, found => found.Id == "bot");
        Assert.Contains((await Server.As("auditor").ExpandAsync(tree)).Acting, found => found.Id == "bot");
        who.Acting = false;
        await First(Server.As("gateway").LookupSubjectsAsync(who));
    }

    [Theory]
    [InlineData("silent", DenialCode.Unspecified, false)]
    [InlineData("brief", DenialCode.NoPermission, false)]
    [InlineData("gateway", DenialCode.NoPermission, true)]
    public async Task A_denial_tells_as_much_as_the_credential_allows(string name, DenialCode code, bool all)
    {
        CheckRequest request = Words.Check("document:readme#edit@user:bob");
        request.Explain = true;
        Decision denied = (await Server.As(name).CheckAsync(request)).Decision;
        Assert.Equal((Outcome.Denied, code, all, all), (denied.Outcome, denied.Code, denied.Object is not null, denied.Explanation is not null));

        request = Words.Check("document:readme#view@user:bob");
        request.Explain = true;
        Decision permitted = (await Server.As(name).CheckAsync(request)).Decision;
        Assert.Equal((Outcome.Permitted, all), (permitted.Outcome, permitted.Explanation is not null));
    }

    [Theory]
    [InlineData("silent", """{"decision":false}""")]
    [InlineData("brief", """{"decision":false,"context":{"reason":{"code":"NO_PERMISSION"}}}""")]
    [InlineData("gateway", """{"decision":false,"context":{"reason":{"code":"NO_PERMISSION","object":"document:readme"}}}""")]
    public async Task A_denial_over_authzen_tells_as_much_as_the_credential_allows(string name, string answer)
    {
        const string Question = """{"subject":{"type":"user","id":"bob"},"action":{"name":"edit"},"resource":{"type":"document","id":"readme"},"options":{"reason":true}}""";
        Assert.Equal((200, answer), await Server.PostAsync("/access/v1/evaluation", Question, name));
    }

    [Theory]
    [InlineData("grant:g1#revoked_by@user:ann")]
    [InlineData("agent:bot#suspended_by@user:ann")]
    public async Task Authority_is_written_with_the_right_to_alone(string tuple)
    {
        await Words.Fails(RpcCode.PermissionDenied, "AUTHORITY_REQUIRED", Server.As("writer").WriteRelationshipsAsync(Words.Touch(tuple)));
        await Words.Fails(RpcCode.PermissionDenied, "AUTHORITY_REQUIRED", First(Server.As("writer").ImportRelationshipsAsync(Requests(tuple))));
        Assert.Equal(RpcCode.PermissionDenied, await SpiceDbAsync("writer", "WriteRelationships", SpiceDbWrite(tuple)));
        await Server.As("writer").WriteRelationshipsAsync(Words.Touch("document:other#owner@user:bob"));

        await Server.As("broker").WriteRelationshipsAsync(Words.Touch(tuple));
        RelationshipFilter suspensions = new() { ResourceType = "agent", Relation = "suspended_by" };
        if (tuple.Contains("suspended_by", StringComparison.Ordinal))
            await Words.Fails(RpcCode.PermissionDenied, "AUTHORITY_REQUIRED", Server.As("writer").DeleteRelationshipsAsync(new() { Filter = suspensions }));
    }

    private static CheckRequest Delegated(string agent, string grant)
    {
        CheckRequest request = Words.Check($"document:readme#view@{agent}");
        request.Acting = Acting(grant);
        return request;
    }

    private static Acting Acting(string grant) => new() { Delegation = Words.Object(grant) };

    private static Task Refused(Task call) => Words.Fails(RpcCode.PermissionDenied, "OTHER_PRINCIPAL", call);

    private static async Task<T> First<T>(IAsyncEnumerable<T> messages)
    {
        await foreach (T message in messages) return message;
        throw new InvalidOperationException("no message");
    }

    private static async IAsyncEnumerable<ImportRelationshipsRequest> Requests(string tuple)
    {
        await Task.Yield();
        yield return new ImportRelationshipsRequest { Relationships = { Words.Relationship(tuple) } };
    }

    private static Protocol.Authzed.WriteRelationshipsRequest SpiceDbWrite(string tuple)
    {
        Relationship ours = Words.Relationship(tuple);
        return new()
        {
            Updates =
            {
                new Protocol.Authzed.RelationshipUpdate
                {
                    Operation = Protocol.Authzed.RelationshipUpdate.Types.Operation.Touch,
                    Relationship = new()
                    {
                        Resource = new() { ObjectType = ours.Resource.Type, ObjectId = ours.Resource.Id },
                        Relation = ours.Relation,
                        Subject = new() { Object = new() { ObjectType = ours.Subject.Object.Type, ObjectId = ours.Subject.Object.Id } },
                    },
                },
            },
        };
    }

    private async Task<RpcCode?> SpiceDbAsync(string name, string method, IMessage request)
    {
        RawGrpc.Answer answer = await RawGrpc.PostAsync(Server.Http2, new ByteArrayContent(RawGrpc.Frame(request)), $"/authzed.api.v1.PermissionsService/{method}",
            "application/grpc", ("authorization", $"Bearer {Server.Key(name)}"));
        return answer.Code;
    }
}
