using System.Text.Json;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Server.Tests;

/// <summary>authzgraph.v1.Delegations over the wire: what it answers and how it refuses.</summary>
public sealed class DelegationCallTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartFilledAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task What_is_delegated_can_be_done_and_what_is_revoked_can_not()
    {
        DelegateResponse made = await _server.Client.DelegateAsync(Lend("agent:bot", "agent:sub", "view document:readme", "grant:g1"));
        Assert.Equal("grant", made.Delegation.Type);
        Assert.Equal("2999-01-01T00:00:00+00:00", made.EndsAt.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:sszzz"));
        Assert.Equal(Outcome.Permitted, (await CheckAsync("agent:sub", made.Delegation, made.Written.Token)).Outcome);

        DescribeResponse chain = await _server.Client.DescribeAsync(new() { Delegation = made.Delegation });
        Assert.Equal((DenialCode.Unspecified, "user:ann"), (chain.Code, Words.Text(chain.Root)));
        Assert.Equal(["grant:g1", Words.Text(made.Delegation)], chain.Chain.Select(hop => Words.Text(hop.Hop)));
        Assert.Equal(["document:readme"], chain.Lends.Select(lent => Words.Text(lent.Subject)));

        AuthorityResponse revoked = await _server.Client.RevokeAsync(new() { Act = As("user:ann"), Delegation = made.Delegation });
        Assert.Equal(DenialCode.Revoked, (await CheckAsync("agent:sub", made.Delegation, revoked.Token)).Code);
        Assert.Equal(DenialCode.Revoked, (await _server.Client.DescribeAsync(new() { Delegation = made.Delegation })).Code);
    }

    [Fact]
    public async Task A_refusal_has_the_denial_code_as_its_reason_and_names_the_fact()
    {
        await _server.Client.RevokeAsync(new() { Act = As("user:ann"), Delegation = Words.Object("grant:g1") });
        var refused = await Assert.ThrowsAsync<AuthzGraphException>(() => _server.Client.DelegateAsync(Lend("agent:bot", "agent:sub", "view document:readme", "grant:g1")));
        Assert.Equal((RpcCode.PermissionDenied, "REVOKED"), (refused.Code, refused.Reason));
        Assert.Equal(("grant:g1", "1", "grant:g1#revoked_by@user:ann"), (refused.Metadata["object"], refused.Metadata["hop"], refused.Metadata["fact"]));

        refused = await Assert.ThrowsAsync<AuthzGraphException>(() => _server.Client.DelegateAsync(Lend("user:ann", "agent:sub", "view document:other")));
        Assert.Equal(("ROOT_LACKS_PERMISSION", "view", "document:other"), (refused.Reason, refused.Metadata["permission"], refused.Metadata["resource"]));
    }

    [Fact]
    public async Task A_suspension_stops_an_agent_until_it_is_lifted()
    {
        await _server.Client.SuspendAsync(new() { Act = As("user:ann"), Principal = Words.Object("agent:bot") });
        Assert.Equal(DenialCode.PresenterSuspended, (await CheckAsync("agent:bot", Words.Object("grant:g1"), "")).Code);
        Assert.Empty((await _server.Client.ResumeAsync(new() { Act = As("user:ann"), Principal = Words.Object("agent:bot") })).StillSuspendedBy);
        Assert.Equal(Outcome.Permitted, (await CheckAsync("agent:bot", Words.Object("grant:g1"), "")).Outcome);
    }

    [Fact]
    public async Task Sent_again_under_its_key_it_names_the_same_hop()
    {
        DelegateRequest request = Lend("agent:bot", "agent:sub", "view document:readme", "grant:g1");
        request.Act.IdempotencyKey = "once";
        DelegateResponse first = await _server.Client.DelegateAsync(request);
        Assert.Equal(first, await _server.Client.DelegateAsync(request));
    }

    [Fact]
    public async Task Who_acts_is_said()
    {
        var refused = await Assert.ThrowsAsync<AuthzGraphException>(() => _server.Client.RevokeAsync(new() { Delegation = Words.Object("grant:g1") }));
        Assert.Equal("MISSING_FIELD", refused.Reason);
        refused = await Assert.ThrowsAsync<AuthzGraphException>(() => _server.Client.RevokeAsync(new() { Act = As("user:bob"), Delegation = Words.Object("grant:g1") }));
        Assert.Equal((RpcCode.PermissionDenied, "NOT_A_PARTY"), (refused.Code, refused.Reason));
        Act administrator = As("user:bob");
        administrator.Administrator = true;
        await _server.Client.RevokeAsync(new() { Act = administrator, Delegation = Words.Object("grant:g1") });
    }

    [Fact]
    public async Task A_schema_that_declares_no_tasks_opens_none()
    {
        var refused = await Assert.ThrowsAsync<AuthzGraphException>(() => _server.Client.OpenTaskAsync(new() { Act = As("user:ann") }));
        Assert.Equal((RpcCode.FailedPrecondition, "NOT_IN_SCHEMA"), (refused.Code, refused.Reason));
    }

    [Fact]
    public async Task The_same_in_json()
    {
        (int status, string body) = await _server.PostAsync("/authzgraph.v1.Delegations/Delegate",
            """
            {
              "act": {"as": {"type": "agent", "id": "bot"}}, "id": "json", "lasting": "600s",
              "delegate": {"type": "agent", "id": "sub"}, "parent": {"type": "grant", "id": "g1"},
              "lends": [{"permission": "view", "resource": {"type": "document", "id": "readme"}}]
            }
            """);
        Assert.Equal((200, "json"), (status, JsonDocument.Parse(body).RootElement.GetProperty("delegation").GetProperty("id").GetString()));
        (status, body) = await _server.PostAsync("/authzgraph.v1.Delegations/Describe", """{"delegation": {"type": "grant", "id": "none"}}""");
        Assert.Equal(404, status);
        Assert.Contains("HOP_UNKNOWN", body);
    }

    private static DelegateRequest Lend(string from, string to, string what, string? parent = null) => new()
    {
        Act = As(from),
        Delegate = Words.Object(to),
        Parent = parent is null ? null : Words.Object(parent),
        Lends = { new Lending { Permission = what.Split(' ')[0], Resource = Words.Object(what.Split(' ')[1]) } },
        ExpiresAt = Timestamp.FromDateTimeOffset(DateTimeOffset.Parse("2999-01-01T00:00:00Z")),
    };

    private static Act As(string principal) => new() { As = Words.Object(principal) };

    private async Task<Decision> CheckAsync(string agent, ObjectReference delegation, string token) => (await _server.Client.CheckAsync(new()
    {
        Resource = Words.Object("document:readme"),
        Permission = "view",
        Subject = Words.Subject(agent),
        Acting = new() { Delegation = delegation },
        Consistency = token.Length == 0 ? null : new() { AtLeastAsFresh = token },
    })).Decision;
}
