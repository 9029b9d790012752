using System.Text.Json;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Server.Tests;

public sealed class DelegationTests : IAsyncLifetime
{
    private static readonly string[] SecondHop =
    [
        "grant:g2#delegator@agent:bot",
        "grant:g2#delegate@agent:sub[expiration:2998-01-01T00:00:00Z]",
        "grant:g2#parent@grant:g1",
        "grant:g2#view@document:readme",
    ];

    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartFilledAsync();
        await _server.Client.WriteRelationshipsAsync(Words.Touch(SecondHop));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_delegated_permit_explains_its_chain_its_root_and_its_sponsors()
    {
        Decision decision = await Ask("document:readme#view@agent:sub", new() { OnBehalfOf = Words.Object("user:ann") });
        Assert.Equal(Outcome.Permitted, decision.Outcome);
        Assert.Equal("user:ann", Words.Text(decision.Explanation.Root));
        Assert.Equal(
            ["grant:g1 user:ann agent:bot Holds", "grant:g2 agent:bot agent:sub Holds"],
            decision.Explanation.Chain.Select(h => $"{Words.Text(h.Hop)} {Words.Text(h.Delegator)} {Words.Text(h.Delegate)} {h.Verdict}"));
        Assert.Contains(decision.Explanation.Sponsors, s => Words.Text(s.Agent) == "agent:sub" && Words.Text(s.Human) == "user:ann");
        Assert.Equal("document:readme#owner@user:ann", Assert.Single(decision.Explanation.Witness.Select(Words.Text)).Split('[')[0]);
        Assert.Equal(DateTimeOffset.Parse("2998-01-01T00:00:00Z"), decision.ValidUntil.ToDateTimeOffset());
    }

    [Fact]
    public async Task A_revoked_hop_denies_and_the_revocation_is_named()
    {
        await _server.Client.WriteRelationshipsAsync(Words.Touch("grant:g1#revoked_by@user:ann"));
        Decision decision = await Ask("document:readme#view@agent:sub", new() { Delegation = Words.Object("grant:g2") });
        Assert.Equal((Outcome.Denied, DenialCode.Revoked, 1u), (decision.Outcome, decision.Code, decision.Hop));
        Assert.Equal("grant:g1", Words.Text(decision.Object));
        Assert.StartsWith("grant:g1#revoked_by@user:ann", Words.Text(decision.Explanation.FailedFact));
        Assert.Equal(HopReport.Types.Verdict.Broken, decision.Explanation.Chain[0].Verdict);
        Assert.Equal(DenialCode.Revoked, decision.Explanation.Chain[0].Code);
    }

    [Fact]
    public async Task The_same_question_in_json_has_the_same_answer()
    {
        (int status, string body) = await _server.PostAsync("/authzgraph.v1.Permissions/Check",
            """
            {
              "resource": {"type": "document", "id": "readme"},
              "permission": "view",
              "subject": {"object": {"type": "agent", "id": "sub"}},
              "acting": {"onBehalfOf": {"type": "user", "id": "ann"}},
              "explain": true
            }
            """);
        Assert.Equal(200, status);
        JsonElement decision = JsonDocument.Parse(body).RootElement.GetProperty("decision");
        Assert.Equal("OUTCOME_PERMITTED", decision.GetProperty("outcome").GetString());
        Assert.Equal("2998-01-01T00:00:00Z", decision.GetProperty("validUntil").GetString());
        JsonElement chain = decision.GetProperty("explanation").GetProperty("chain");
        Assert.Equal(["g1", "g2"], chain.EnumerateArray().Select(h => h.GetProperty("hop").GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Asking_why_does_not_change_the_answer()
    {
        foreach (string agent in new[] { "agent:bot", "agent:sub", "agent:stranger" })
        {
            CheckRequest question = Words.Check($"document:readme#view@{agent}");
            question.Acting = new Acting { OnBehalfOf = Words.Object("user:ann") };
            Decision plain = (await _server.Client.CheckAsync(question)).Decision;
            question.Explain = true;
            Decision explained = (await _server.Client.CheckAsync(question)).Decision;
            explained.Explanation = null;
            Assert.Equal(plain, explained);
        }
    }

    private async Task<Decision> Ask(string text, Acting acting)
    {
        CheckRequest question = Words.Check(text);
        question.Acting = acting;
        question.Explain = true;
        return (await _server.Client.CheckAsync(question)).Decision;
    }
}
