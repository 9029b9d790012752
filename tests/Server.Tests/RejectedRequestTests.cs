using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Google.Protobuf.WellKnownTypes;
using Acting = AuthzGraph.Protocol.V1.Acting;
using Precondition = AuthzGraph.Protocol.V1.Precondition;

namespace AuthzGraph.Server.Tests;

public sealed class RejectedRequestTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartFilledAsync(Limits.Default with { ChecksPerBatch = 2, UpdatesPerWrite = 20 });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("Document:readme#view@user:ann", RpcCode.InvalidArgument, "INVALID_REFERENCE")]
    [InlineData("document:a b#view@user:ann", RpcCode.InvalidArgument, "INVALID_REFERENCE")]
    [InlineData("document:#view@user:ann", RpcCode.InvalidArgument, "INVALID_REFERENCE")]
    [InlineData("document:*#view@user:ann", RpcCode.InvalidArgument, "INVALID_REFERENCE")]
    [InlineData("document:readme#view@user:*#viewer", RpcCode.InvalidArgument, "INVALID_REFERENCE")]
    [InlineData("document:readme#view@user:*", RpcCode.InvalidArgument, "WILDCARD_NOT_ALLOWED")]
    [InlineData("dokument:readme#view@user:ann", RpcCode.FailedPrecondition, "UNKNOWN_TYPE")]
    [InlineData("document:readme#fly@user:ann", RpcCode.FailedPrecondition, "UNKNOWN_RELATION")]
    [InlineData("document:readme#view@usher:ann", RpcCode.FailedPrecondition, "UNKNOWN_TYPE")]
    public Task A_malformed_question_is_refused(string question, RpcCode code, string reason) =>
        Words.Fails(code, reason, _server.Client.CheckAsync(Words.Check(question)));

    [Fact]
    public async Task A_question_with_parts_missing_is_refused()
    {
        await Words.Fails(RpcCode.InvalidArgument, "MISSING_FIELD", _server.Client.CheckAsync(new()));
        CheckRequest question = Words.Check("document:readme#view@user:ann");
        question.Subject = null;
        await Words.Fails(RpcCode.InvalidArgument, "MISSING_FIELD", _server.Client.CheckAsync(question));
        question.Subject = new SubjectReference();
        await Words.Fails(RpcCode.InvalidArgument, "MISSING_FIELD", _server.Client.CheckAsync(question));
    }

    [Fact]
    public async Task Acting_is_refused_when_it_is_incomplete_or_of_the_wrong_type()
    {
        CheckRequest question = Words.Check("document:readme#view@agent:bot");
        question.Acting = new Acting { OnBehalfOf = Words.Object("document:readme") };
        await Words.Fails(RpcCode.InvalidArgument, "ACTING_TYPE", _server.Client.CheckAsync(question));
        question.Acting = new Acting { Delegation = Words.Object("user:ann") };
        await Words.Fails(RpcCode.InvalidArgument, "ACTING_TYPE", _server.Client.CheckAsync(question));
    }

    [Fact]
    public async Task A_token_that_is_malformed_changed_or_of_another_store_is_refused()
    {
        await Words.Fails(RpcCode.InvalidArgument, "INVALID_TOKEN", Read("nonsense"));
        string token = (await _server.Client.ReadSchemaAsync(new())).Snapshot.Token;
        await Read(token);
        int middle = token.Length / 2;
        await Words.Fails(RpcCode.InvalidArgument, "INVALID_TOKEN", Read(token[..middle] + '!' + token[(middle + 1)..]));
        await Words.Fails(RpcCode.InvalidArgument, "INVALID_TOKEN", Read(token[..middle] + (token[middle] == 'A' ? 'B' : 'A') + token[(middle + 1)..]));

        await using TestServer other = await TestServer.StartFilledAsync();
        string foreign = (await other.Client.ReadSchemaAsync(new())).Snapshot.Token;
        await Words.Fails(RpcCode.InvalidArgument, "TOKEN_OF_ANOTHER_STORE", Read(foreign));

        Task Read(string at) => _server.Client.ReadSchemaAsync(new() { Consistency = new() { AtExactSnapshot = at } });
    }

    [Fact]
    public Task A_consistency_that_says_false_is_refused() =>
        Words.Fails(RpcCode.InvalidArgument, "INVALID_CONSISTENCY", _server.Client.ReadSchemaAsync(new() { Consistency = new() { FullyConsistent = false } }));

    [Fact]
    public async Task A_filter_that_says_nothing_or_too_much_is_refused()
    {
        await Refused("INVALID_FILTER", null);
        await Refused("EMPTY_FILTER", new());
        await Refused("INVALID_FILTER", new() { ResourceType = "document", ResourceId = "a", ResourceIdPrefix = "a" });
        await Refused("INVALID_FILTER", new() { Subject = new() { Id = "ann" } });
        await Refused("UNKNOWN_TYPE", new() { ResourceType = "dokument" });

        async Task Refused(string reason, RelationshipFilter? filter) =>
            Assert.Equal(reason, (await Words.Fails(_server.Client.ReadAll(new() { Filter = filter }))).Reason);
    }

    [Theory]
    [InlineData("document:readme#view@user:ann", "NOT_A_RELATION")]
    [InlineData("document:readme#owner@group:eng#member", "SUBJECT_NOT_ALLOWED")]
    [InlineData("document:readme#owner@user:*", "SUBJECT_NOT_ALLOWED")]
    [InlineData("document:readme#flyer@user:ann", "UNKNOWN_RELATION")]
    [InlineData("document:readme#owner@user:ann[expiration:2999-01-01T00:00:00Z]", "INVALID_TUPLE")]
    public async Task A_tuple_that_the_schema_does_not_allow_is_refused(string tuple, string reason) =>
        Assert.Equal(reason, (await Words.Fails(_server.Client.WriteRelationshipsAsync(Words.Touch(tuple)))).Reason);

    [Fact]
    public async Task Updates_that_are_malformed_are_refused()
    {
        WriteRelationshipsRequest write = Words.Touch("document:readme#viewer@user:ann");
        RelationshipUpdate update = write.Updates[0];
        update.Operation = RelationshipUpdate.Types.Operation.Unspecified;
        await Refused("INVALID_OPERATION");
        update.Operation = RelationshipUpdate.Types.Operation.Touch;

        update.Relationship.NotBefore = new Timestamp { Seconds = 253_402_300_800 };
        await Refused("INVALID_TIMESTAMP");
        update.Relationship.NotBefore = new Timestamp { Nanos = -1 };
        await Refused("INVALID_TIMESTAMP");

        update.Relationship.NotBefore = new Timestamp { Seconds = 10 };
        update.Relationship.ExpiresAt = new Timestamp { Seconds = 10 };
        await Refused("INVALID_TUPLE");
        (update.Relationship.NotBefore, update.Relationship.ExpiresAt) = (null, null);

        update.Relationship.Relation = "no good";
        await Refused("INVALID_REFERENCE");
        update.Relationship = null;
        await Refused("MISSING_FIELD");
        update.Relationship = Words.Relationship("document:readme#viewer@user:ann");

        write.Updates.Add(update);
        await Refused("DUPLICATE_UPDATE");
        write.Updates.RemoveAt(1);

        write.Preconditions.Add(new Precondition { Filter = new() { ResourceType = "document" } });
        await Refused("INVALID_PRECONDITION");

        async Task Refused(string reason) => await Words.Fails(RpcCode.InvalidArgument, reason, _server.Client.WriteRelationshipsAsync(write));
    }

    [Fact]
    public async Task More_than_a_limit_allows_is_refused_with_the_limit()
    {
        var batch = new CheckBatchRequest { Items = { new CheckBatchItem(), new CheckBatchItem(), new CheckBatchItem() } };
        Assert.Contains("2", (await Words.Fails(_server.Client.CheckBatchAsync(batch))).Message);
        string[] tuples = [.. Enumerable.Range(0, 21).Select(i => $"document:d{i}#owner@user:ann")];
        Assert.Contains("20", (await Words.Fails(_server.Client.WriteRelationshipsAsync(Words.Touch(tuples)))).Message);
    }

    [Fact]
    public async Task A_long_error_is_cut_short_enough_for_a_trailer()
    {
        string schema = "definition user {}\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"definition type{i} {{ permission view = missing{i} }}\n"));
        Client.AuthzGraphException failure = await Words.Fails(_server.Client.WriteSchemaAsync(new() { Text = schema }));
        Assert.Equal("SCHEMA_INVALID", failure.Reason);
        Assert.Contains("missing0", failure.Message);
        Assert.InRange(failure.Message.Length + failure.Metadata.Values.Sum(v => v.Length), 1_000, 5_000);
        Assert.True((await _server.Client.ValidateSchemaAsync(new() { Text = schema })).Diagnostics.Count >= 100);
    }

    [Fact]
    public async Task A_message_in_any_script_arrives_whole()
    {
        Client.AuthzGraphException failure = await Words.Fails(_server.Client.CheckAsync(Words.Check("document:пример 100% ✓#view@user:ann")));
        Assert.Contains("`document:пример 100% ✓`", failure.Message);
    }
}
