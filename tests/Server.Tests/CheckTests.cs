using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;

namespace AuthzGraph.Server.Tests;

public sealed class CheckTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartFilledAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("document:readme#view@user:ann", Outcome.Permitted, DenialCode.Unspecified)]
    [InlineData("document:readme#view@user:bob", Outcome.Permitted, DenialCode.Unspecified)]
    [InlineData("document:readme#viewer@group:eng#member", Outcome.Permitted, DenialCode.Unspecified)]
    [InlineData("document:readme#edit@user:bob", Outcome.Denied, DenialCode.NoPermission)]
    [InlineData("document:other#view@user:ann", Outcome.Denied, DenialCode.NoPermission)]
    [InlineData("document:readme#view@agent:bot", Outcome.Denied, DenialCode.NotAutonomous)]
    public async Task A_check_answers_with_its_code_and_its_snapshot(string question, Outcome outcome, DenialCode code)
    {
        CheckResponse response = await _server.Client.CheckAsync(Words.Check(question));
        Assert.Equal((outcome, code), (response.Decision.Outcome, response.Decision.Code));
        Assert.Null(response.Decision.Explanation);
        Assert.Equal(2ul, response.Snapshot.Revision);
        Assert.NotEmpty(response.Snapshot.Token);
        Assert.Equal(64, response.Snapshot.SchemaDigest.Length);
        Assert.True(response.Snapshot.Instant.ToDateTimeOffset() > DateTimeOffset.UnixEpoch.AddYears(50));
    }

    [Fact]
    public async Task An_explained_permit_names_the_tuples_that_prove_it()
    {
        CheckRequest question = Words.Check("document:readme#view@user:bob");
        question.Explain = true;
        CheckResponse response = await _server.Client.CheckAsync(question);
        Assert.Equal(
            ["document:readme#viewer@group:eng#member", "group:eng#member@user:bob"],
            response.Decision.Explanation.Witness.Select(t => Words.Text(t).Split('[')[0]));
    }

    [Fact]
    public async Task A_denial_is_told_on_request_with_what_would_make_it_a_permit()
    {
        CheckRequest question = Words.Check("document:readme#view@user:eve");
        Assert.Null((await _server.Client.CheckAsync(question)).Decision.Explanation);
        question.SeekRemedies = true;
        CheckResponse denied = await _server.Client.CheckAsync(question);
        Assert.Equal(DenialCode.NoPermission, denied.Decision.Code);
        RemedyStep step = Assert.Single(denied.Decision.Explanation.Remedies[0].Steps);
        Assert.Equal(RemedyStep.Types.Kind.Grant, step.Kind);

        await _server.Client.WriteRelationshipsAsync(new WriteRelationshipsRequest { Updates = { step.Updates } });
        CheckResponse permitted = await _server.Client.CheckAsync(question);
        Assert.Equal(Outcome.Permitted, permitted.Decision.Outcome);
        Assert.Empty(permitted.Decision.Explanation.Remedies);
    }

    [Fact]
    public async Task A_permit_that_rests_on_a_window_says_until_when_it_holds()
    {
        await _server.Client.WriteRelationshipsAsync(Words.Touch("document:brief#viewer@user:cyd[expiration:2999-05-06T07:08:09.123456Z]"));
        CheckResponse response = await _server.Client.CheckAsync(Words.Check("document:brief#view@user:cyd"));
        Assert.Equal(Outcome.Permitted, response.Decision.Outcome);
        Assert.Equal(DateTimeOffset.Parse("2999-05-06T07:08:09.123456Z"), response.Decision.ValidUntil.ToDateTimeOffset());
        Assert.Null((await _server.Client.CheckAsync(Words.Check("document:readme#view@user:ann"))).Decision.ValidUntil);
    }

    [Fact]
    public async Task A_batch_answers_each_item_by_itself_at_one_snapshot()
    {
        var batch = new CheckBatchRequest
        {
            Items =
            {
                Words.Item("document:readme#view@user:bob"),
                Words.Item("document:readme#fly@user:bob"),
                Words.Item("document:readme#edit@user:bob"),
                new CheckBatchItem { Permission = "view", Subject = Words.Subject("user:bob") },
            },
        };
        CheckBatchResponse response = await _server.Client.CheckBatchAsync(batch);
        Assert.Equal(4, response.Results.Count);
        Assert.Equal(Outcome.Permitted, response.Results[0].Decision.Outcome);
        Assert.Equal((int)RpcCode.FailedPrecondition, response.Results[1].Error.Code);
        Assert.Contains("fly", response.Results[1].Error.Message);
        Assert.Equal(DenialCode.NoPermission, response.Results[2].Decision.Code);
        Assert.Equal("MISSING_FIELD", response.Results[3].Error.Reason);
        Assert.NotEmpty(response.Snapshot.Token);
    }

    [Fact]
    public async Task Expand_shows_the_rewrite_with_subjects_at_its_leaves()
    {
        ExpandResponse response = await _server.Client.ExpandAsync(new() { Resource = Words.Object("document:readme"), Permission = "view" });
        Assert.Equal(Expansion.Types.Kind.Union, response.Root.Kind);
        Assert.Equal(
            ["group:eng#member", "user:ann"],
            response.Root.Children.SelectMany(c => c.Subjects).Select(s => Words.Text(s.Subject)).Order(StringComparer.Ordinal));
        Assert.Equal(2ul, response.Snapshot.Revision);
    }

    [Fact]
    public async Task A_token_of_a_write_reads_that_write_and_an_exact_snapshot_reads_what_was_before()
    {
        string before = (await _server.Client.CheckAsync(Words.Check("document:readme#view@user:dan"))).Snapshot.Token;
        string after = (await _server.Client.WriteRelationshipsAsync(Words.Touch("document:readme#viewer@user:dan"))).Token;

        Assert.Equal(Outcome.Permitted, await Ask(new() { AtLeastAsFresh = after }));
        Assert.Equal(Outcome.Permitted, await Ask(new() { AtExactSnapshot = after }));
        Assert.Equal(Outcome.Permitted, await Ask(new() { FullyConsistent = true }));
        Assert.Equal(Outcome.Permitted, await Ask(new() { MinimizeLatency = true }));
        Assert.Equal(Outcome.Denied, await Ask(new() { AtExactSnapshot = before }));

        async Task<Outcome> Ask(Consistency consistency)
        {
            CheckRequest question = Words.Check("document:readme#view@user:dan");
            question.Consistency = consistency;
            return (await _server.Client.CheckAsync(question)).Decision.Outcome;
        }
    }
}
