using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Google.Protobuf.WellKnownTypes;
using Precondition = AuthzGraph.Protocol.V1.Precondition;

namespace AuthzGraph.Server.Tests;

public sealed class RelationshipTests : IAsyncLifetime
{
    private static readonly RelationshipFilter Documents = new() { ResourceType = "document" };

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartFilledAsync(Limits.Default with { TuplesPerMessage = 3, TuplesPerJsonRead = 4 });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task What_is_written_is_read_and_what_is_deleted_is_gone()
    {
        await _server.Client.WriteRelationshipsAsync(Words.Create("document:plan#owner@user:eve", "document:plan#viewer@user:*"));
        Assert.Equal(["document:plan#owner@user:eve", "document:plan#viewer@user:*"], await Plan());
        await _server.Client.WriteRelationshipsAsync(Words.Delete("document:plan#viewer@user:*"));
        Assert.Equal(["document:plan#owner@user:eve"], await Plan());

        async Task<IEnumerable<string>> Plan() =>
            (await _server.Client.ReadAll(new() { Filter = new() { ResourceType = "document", ResourceId = "plan" } })).Select(t => t.Split('[')[0]).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Windows_finer_than_a_microsecond_become_smaller_never_larger()
    {
        Relationship wire = Words.Relationship("document:plan#viewer@user:eve");
        long second = DateTimeOffset.Parse("2990-01-01T00:00:00Z").ToUnixTimeSeconds();
        wire.NotBefore = new Timestamp { Seconds = second, Nanos = 1_001 };
        wire.ExpiresAt = new Timestamp { Seconds = second + 1, Nanos = 999_999_999 };
        await _server.Client.WriteRelationshipsAsync(new() { Updates = { new RelationshipUpdate { Operation = RelationshipUpdate.Types.Operation.Touch, Relationship = wire } } });
        Assert.Equal(
            ["document:plan#viewer@user:eve[from:2990-01-01T00:00:00.000002Z][expiration:2990-01-01T00:00:01.999999Z]"],
            await _server.Client.ReadAll(new() { Filter = new() { ResourceId = "plan", ResourceType = "document" } }));
    }

    [Fact]
    public async Task A_tuple_with_an_end_and_no_start_starts_when_it_is_committed()
    {
        WriteRelationshipsResponse written = await _server.Client.WriteRelationshipsAsync(Words.Touch("document:plan#viewer@user:eve[expiration:2990-01-01T00:00:00Z]"));
        await foreach (ReadRelationshipsResponse page in _server.Client.ReadRelationshipsAsync(new() { Filter = new() { ResourceType = "document", ResourceId = "plan" } }))
            Assert.Equal(written.CommittedAt, Assert.Single(page.Relationships).NotBefore);
    }

    [Fact]
    public async Task A_stream_names_its_snapshot_first_and_says_at_the_end_whether_there_is_more()
    {
        await WriteNumbered(8);
        List<ReadRelationshipsResponse> pages = await Pages(new() { Filter = Documents, Limit = 7 });
        Assert.Equal([3, 3, 1], pages.Select(p => p.Relationships.Count));
        Assert.Equal([true, false, false], pages.Select(p => p.Snapshot is not null));
        Assert.Equal([false, false, true], pages.Select(p => p.More));

        List<ReadRelationshipsResponse> all = await Pages(new() { Filter = Documents });
        Assert.Equal(10, all.Sum(p => p.Relationships.Count));
        Assert.False(all[^1].More);
        Assert.Equal(10, all.SelectMany(p => p.Relationships).Select(Words.Text).Distinct().Count());
    }

    [Fact]
    public async Task A_read_that_matches_nothing_still_names_its_snapshot()
    {
        ReadRelationshipsResponse page = Assert.Single(await Pages(new() { Filter = new() { ResourceType = "document", ResourceId = "absent" } }));
        Assert.Empty(page.Relationships);
        Assert.Equal(2ul, page.Snapshot.Revision);
    }

    [Fact]
    public async Task Read_in_json_is_one_message_that_says_whether_there_is_more()
    {
        await WriteNumbered(8);
        (int status, string body) = await _server.PostAsync("/authzgraph.v1.Relationships/Read", """{"filter":{"resourceType":"document"}}""");
        ReadRelationshipsResponse answer = ReadRelationshipsResponse.Parser.ParseJson(body);
        Assert.Equal((200, 4, true), (status, answer.Relationships.Count, answer.More));
        Assert.Equal(3ul, answer.Snapshot.Revision);

        (_, body) = await _server.PostAsync("/authzgraph.v1.Relationships/Read", """{"filter":{"resourceType":"grant"},"limit":2}""");
        Assert.Equal(2, ReadRelationshipsResponse.Parser.ParseJson(body).Relationships.Count);
    }

    [Fact]
    public async Task Create_refuses_what_is_there_and_nothing_of_that_write_happens()
    {
        await Words.Fails(RpcCode.AlreadyExists, "TUPLE_EXISTS",
            _server.Client.WriteRelationshipsAsync(Words.Create("document:plan#owner@user:eve", "document:readme#owner@user:ann")));
        Assert.Empty(await _server.Client.ReadAll(new() { Filter = new() { ResourceType = "document", ResourceId = "plan" } }));
    }

    [Fact]
    public async Task A_precondition_that_does_not_hold_refuses_the_write()
    {
        WriteRelationshipsRequest write = Words.Touch("document:plan#owner@user:eve");
        write.Preconditions.Add(new Precondition { Kind = Precondition.Types.Kind.MustMatch, Filter = new() { ResourceType = "document", ResourceId = "plan" } });
        await Words.Fails(RpcCode.FailedPrecondition, "PRECONDITION_FAILED", _server.Client.WriteRelationshipsAsync(write));
        write.Preconditions[0].Kind = Precondition.Types.Kind.MustNotMatch;
        await _server.Client.WriteRelationshipsAsync(write);
        await Words.Fails(RpcCode.FailedPrecondition, "PRECONDITION_FAILED", _server.Client.WriteRelationshipsAsync(write));
    }

    [Fact]
    public async Task A_write_sent_twice_under_one_key_is_done_once_and_another_under_it_is_refused()
    {
        WriteRelationshipsRequest write = Words.Create("document:plan#owner@user:eve");
        write.IdempotencyKey = "order-17";
        WriteRelationshipsResponse first = await _server.Client.WriteRelationshipsAsync(write);
        WriteRelationshipsResponse second = await _server.Client.WriteRelationshipsAsync(write);
        Assert.Equal((first.Revision, first.CommittedAt), (second.Revision, second.CommittedAt));

        WriteRelationshipsRequest other = Words.Create("document:plan#owner@user:fay");
        other.IdempotencyKey = "order-17";
        Assert.NotEmpty((await Words.Fails(_server.Client.WriteRelationshipsAsync(other))).Reason);
        Assert.Single(await _server.Client.ReadAll(new() { Filter = new() { ResourceType = "document", ResourceId = "plan" } }));
    }

    private Task<WriteRelationshipsResponse> WriteNumbered(int count) =>
        _server.Client.WriteRelationshipsAsync(Words.Touch([.. Enumerable.Range(0, count).Select(i => $"document:d{i}#owner@user:ann")]));

    private async Task<List<ReadRelationshipsResponse>> Pages(ReadRelationshipsRequest request)
    {
        var pages = new List<ReadRelationshipsResponse>();
        await foreach (ReadRelationshipsResponse page in _server.Client.ReadRelationshipsAsync(request)) pages.Add(page);
        return pages;
    }
}
