using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Acting = AuthzGraph.Protocol.V1.Acting;
using DenialCode = AuthzGraph.Protocol.V1.DenialCode;

namespace AuthzGraph.Server.Tests;

/// <summary>Lookups and expansions through a real server.</summary>
public sealed class LookupTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartFilledAsync(Limits.Default with { ResultsPerJsonLookup = 3 });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Resources_come_in_messages_the_first_of_which_names_the_snapshot()
    {
        await _server.Client.WriteRelationshipsAsync(Words.Touch([.. Enumerable.Range(0, 100).Select(i => $"document:d{i}#viewer@user:cas")]));
        List<LookupResourcesResponse> pages = await ResourcesAsync(Resources("document", "view", "user:cas"));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"d{i}").Order(), pages.SelectMany(p => p.Resources).Select(r => r.Id).Order());
        Assert.Equal(3ul, pages[0].Snapshot.Revision);
        Assert.All(pages.Skip(1), page => Assert.Null(page.Snapshot));
        Assert.Equal([true], pages.Where(p => p.Complete).Select(p => p.Complete));
        Assert.True(pages[^1].Complete && pages.Count > 2);
    }

    [Fact]
    public async Task Pages_behind_cursors_hold_together_what_one_answer_holds()
    {
        await _server.Client.WriteRelationshipsAsync(Words.Touch([.. Enumerable.Range(0, 10).Select(i => $"document:d{i}#viewer@user:cas")]));
        LookupResourcesRequest request = Resources("document", "view", "user:cas");
        string[] whole = [.. (await ResourcesAsync(request)).SelectMany(p => p.Resources).Select(r => r.Id)];
        List<string> found = [];
        request.Limit = 4;
        for (bool complete = false; !complete;)
        {
            List<LookupResourcesResponse> page = await ResourcesAsync(request);
            found.AddRange(page.SelectMany(p => p.Resources).Select(r => r.Id));
            (complete, request.Cursor) = (page[^1].Complete, page[^1].Cursor);
        }
        Assert.Equal(whole, found);
        request.Permission = "edit";
        await Words.Fails(RpcCode.InvalidArgument, "CURSOR_OF_ANOTHER_QUERY", ResourcesAsync(request));
    }

    [Fact]
    public async Task What_an_agent_may_reach_and_who_may_act_on_it_are_told_with_the_chain()
    {
        LookupResourcesRequest request = Resources("document", "view", "agent:bot");
        Assert.Equal(DenialCode.NotAutonomous, (await ResourcesAsync(request))[^1].Barred);
        request.Acting = new Acting { OnBehalfOf = Words.Object("user:ann") };
        Assert.Equal(["readme"], (await ResourcesAsync(request)).SelectMany(p => p.Resources).Select(r => r.Id));

        FoundSubject actor = Assert.Single((await SubjectsAsync(new()
        {
            Resource = Words.Object("document:readme"), Permission = "view", SubjectType = "agent", Acting = true,
        })).SelectMany(p => p.Subjects));
        Assert.Equal(("bot", "grant:g1", "user:ann"), (actor.Id, Words.Text(actor.Delegation), Words.Text(actor.Explanation.Root)));
        Assert.Equal("user:ann", Words.Text(Assert.Single(actor.Explanation.Sponsors).Human));
        Assert.Equal(2999, actor.ValidUntil.ToDateTime().Year);
    }

    [Fact]
    public async Task Subjects_end_with_everybody_but_those_excluded()
    {
        await _server.Client.WriteRelationshipsAsync(Words.Touch("document:readme#viewer@user:*", "user:eve#suspended_by@user:ann"));
        FoundSubject[] found = [.. (await SubjectsAsync(new()
        {
            Resource = Words.Object("document:readme"), Permission = "view", SubjectType = "user",
        })).SelectMany(p => p.Subjects)];
        Assert.Equal(["ann", "bob"], found.SkipLast(1).Select(s => s.Id).Order());
        Assert.Equal(("*", "eve"), (found[^1].Id, Assert.Single(found[^1].Excluded)));
    }

    [Fact]
    public async Task A_lookup_in_json_is_one_answer_with_a_cursor_to_go_on()
    {
        await _server.Client.WriteRelationshipsAsync(Words.Touch([.. Enumerable.Range(0, 5).Select(i => $"document:d{i}#viewer@user:cas")]));
        const string question = """{"resourceType":"document","permission":"view","subject":{"object":{"type":"user","id":"cas"}}""";
        (int status, string body) = await _server.PostAsync("/authzgraph.v1.Permissions/LookupResources", question + "}");
        Assert.Equal(200, status);
        LookupResourcesResponse first = LookupResourcesResponse.Parser.ParseJson(body);
        Assert.Equal((3, false), (first.Resources.Count, first.Complete));
        LookupResourcesResponse rest = LookupResourcesResponse.Parser.ParseJson(
            (await _server.PostAsync("/authzgraph.v1.Permissions/LookupResources", $$"""{{question}},"cursor":"{{first.Cursor}}"}""")).Body);
        Assert.Equal((2, true), (rest.Resources.Count, rest.Complete));
        Assert.Equal(5, first.Resources.Concat(rest.Resources).Select(r => r.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_recursive_expansion_opens_usersets_and_lists_who_may_act()
    {
        ExpandResponse response = await _server.Client.ExpandAsync(new()
        {
            Resource = Words.Object("document:readme"), Permission = "view", Recursive = true, ActingType = "agent",
        });
        ExpandedSubject group = response.Root.Children.SelectMany(c => c.Subjects).Single(s => s.Members is not null);
        Assert.Equal(("group:eng#member", "user:bob"), (Words.Text(group.Subject), Words.Text(Assert.Single(group.Members.Subjects).Subject)));
        Assert.Equal("grant:g1", Words.Text(Assert.Single(response.Acting).Delegation));
    }

    private static LookupResourcesRequest Resources(string type, string permission, string subject) =>
        new() { ResourceType = type, Permission = permission, Subject = Words.Subject(subject) };

    private async Task<List<LookupResourcesResponse>> ResourcesAsync(LookupResourcesRequest request)
    {
        List<LookupResourcesResponse> pages = [];
        await foreach (LookupResourcesResponse page in _server.Client.LookupResourcesAsync(request)) pages.Add(page);
        return pages;
    }

    private async Task<List<LookupSubjectsResponse>> SubjectsAsync(LookupSubjectsRequest request)
    {
        List<LookupSubjectsResponse> pages = [];
        await foreach (LookupSubjectsResponse page in _server.Client.LookupSubjectsAsync(request)) pages.Add(page);
        return pages;
    }
}
