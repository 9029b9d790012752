using System.Text.Json;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;

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
}
