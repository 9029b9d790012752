using AuthzGraph.Client;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Hosting;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Security.Credentials;
using Xunit.Abstractions;
using Outcome = AuthzGraph.Protocol.V1.Outcome;

namespace AuthzGraph.Server.Tests.Security;

/// <summary>Keys, and the file that holds their hashes.</summary>
public sealed class CredentialTests(ITestOutputHelper output)
{
    private const string Gateway = "  - name: gateway\n    keys: [{gateway}]\n    rights: [check]\n";
    private const string WithTwoKeys = "  - name: gateway\n    keys: [{gateway}, {next}]\n    rights: [check]\n";
    private const string WithTheNext = "  - name: gateway\n    keys: [{next}]\n    rights: [check]\n";
    private const string Reader = "  - name: reader\n    keys: [{reader}]\n    rights: [read]\n";

    private static readonly CheckRequest Question = Words.Check("document:readme#view@user:ann");

    [Fact]
    public async Task A_key_opens_what_its_rights_allow()
    {
        await using SecuredServer server = await SecuredServer.StartFilledAsync(Gateway);
        Assert.Equal(Outcome.Permitted, (await server.As("gateway").CheckAsync(Question)).Decision.Outcome);
        await Words.Fails(RpcCode.PermissionDenied, "RIGHT_MISSING", server.As("gateway").WriteSchemaAsync(new() { Text = TestServer.Schema }));
        await Words.Fails(RpcCode.Unauthenticated, "CREDENTIAL_MISSING", server.With(null).CheckAsync(Question));
        await Words.Fails(RpcCode.Unauthenticated, "CREDENTIAL_UNKNOWN", server.With(ApiKey.Create().Key).CheckAsync(Question));
    }

    [Fact]
    public async Task A_key_is_exchanged_for_another_without_a_restart()
    {
        await using SecuredServer server = await SecuredServer.StartFilledAsync(Gateway);
        await server.As("gateway").CheckAsync(Question);

        await server.ChangeAsync(WithTwoKeys);
        await server.As("gateway").CheckAsync(Question);
        await server.As("next").CheckAsync(Question);

        await server.ChangeAsync(WithTheNext);
        await server.As("next").CheckAsync(Question);
        await Words.Fails(RpcCode.Unauthenticated, "CREDENTIAL_UNKNOWN", server.As("gateway").CheckAsync(Question));
    }

    [Fact]
    public async Task A_right_that_is_taken_away_is_gone_without_a_restart()
    {
        await using SecuredServer server = await SecuredServer.StartFilledAsync(Reader);
        await server.As("reader").ReadSchemaAsync(new());
        await server.ChangeAsync(Reader.Replace("[read]", "[check]", StringComparison.Ordinal));
        await Words.Fails(RpcCode.PermissionDenied, "RIGHT_MISSING", server.As("reader").ReadSchemaAsync(new()));
    }

    [Fact]
    public async Task A_watch_hears_nothing_more_once_its_key_is_withdrawn()
    {
        await using SecuredServer server = await SecuredServer.StartFilledAsync(Reader);
        await using IAsyncEnumerator<WatchRelationshipsResponse> watch = Watch(server, "reader");
        Assert.True(await watch.MoveNextAsync());

        await server.ChangeAsync(Gateway);
        AuthzGraphException end = await Assert.ThrowsAsync<AuthzGraphException>(async () =>
        {
            while (await watch.MoveNextAsync()) { }
        });
        Assert.Equal((RpcCode.Unauthenticated, "CREDENTIAL_ENDED"), (end.Code, end.Reason));
    }

    [Fact]
    public async Task A_changed_file_is_read_at_once_on_a_hangup_signal()
    {
        if (HangUpSignal.IsIgnored)
        {
            output.WriteLine("skipped: this process was started with hangups ignored, by nohup perhaps, and .NET leaves that so");
            return;
        }
        await using SecuredServer server = await SecuredServer.StartAsync(Gateway, also: security => security with { ReloadEvery = TimeSpan.FromHours(1) });
        await server.ReplaceAsync(WithTheNext);
        await Task.Delay(200);
        Assert.Equal(0, server.Log.Count("was read again"));
        using (System.Diagnostics.Process kill = System.Diagnostics.Process.Start("kill", ["-HUP", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await server.Log.WaitAsync("was read again");
    }

    [Theory]
    [InlineData(null, RpcCode.Unauthenticated)]
    [InlineData("azg_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", RpcCode.PermissionDenied)]
    [InlineData("not a key", RpcCode.PermissionDenied)]
    public async Task SpiceDB_s_clients_are_told_an_unknown_key_from_none(string? key, RpcCode code)
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        (string, string)[] headers = key is null ? [] : [("authorization", $"Bearer {key}")];
        RawGrpc.Answer answer = await RawGrpc.PostAsync(
            server.Http2, new ByteArrayContent(RawGrpc.Frame(new Protocol.Authzed.ReadSchemaRequest())), "/authzed.api.v1.SchemaService/ReadSchema", "application/grpc", headers);
        Assert.Equal(code, answer.Code);
    }

    [Fact]
    public async Task A_watch_goes_on_while_the_file_changes_for_others()
    {
        await using SecuredServer server = await SecuredServer.StartFilledAsync(Reader);
        await using IAsyncEnumerator<WatchRelationshipsResponse> watch = Watch(server, "reader");
        Assert.True(await watch.MoveNextAsync());
        await server.ChangeAsync(Reader + Gateway);
        await server.As(SecuredServer.Root).WriteRelationshipsAsync(Words.Touch("document:new#owner@user:ann"));
        do Assert.True(await watch.MoveNextAsync());
        while (watch.Current.Changes is null);
    }

    [Theory]
    [InlineData("  - name: broken\n    rights: [chek]\n", "there is no right `chek`; did you mean `check`?")]
    [InlineData("  - name: broken\n\trights: [check]\n", "this is not YAML")]
    public async Task A_bad_file_changes_nothing_and_the_log_says_so(string change, string problem)
    {
        await using SecuredServer server = await SecuredServer.StartFilledAsync(Gateway);
        await server.ChangeAsync(change, notice: "the credentials stay as they were");
        Assert.Equal(1, server.Log.Count(problem));
        await server.As("gateway").CheckAsync(Question);

        await server.ChangeAsync(WithTheNext);
        await server.As("next").CheckAsync(Question);
    }

    [Theory]
    [InlineData("credentials:\n  - name: a\n    rights: [check]\n    keys: [short]\n", 4, "a key is written as its SHA-256: 64 hexadecimal digits")]
    [InlineData("credentials:\n  - name: a\n    rights: [check]\n    keys: [azg_secret]\n", 4, "this is a key itself")]
    [InlineData("credentials:\n  - rights: [check]\n    keys: [H]\n", 2, "a credential has no `name`")]
    [InlineData("credentials:\n  - name: a\n    keys: [H]\n", 2, "no `rights` are given")]
    [InlineData("credentials:\n  - name: a\n    rights: [check]\n", 2, "a credential has `keys` or `certificates`")]
    [InlineData("credentials:\n  - name: a\n    rights: [check]\n    keys: [H]\n    denial: all\n", 5, "there is no `denial` here; did you mean `denials`?")]
    [InlineData("credentials:\n  - name: a\n    rights: [check]\n    keys: [H]\n    denials: some\n", 5, "write nothing, code or all")]
    [InlineData("credentials:\n  - name: a\n    rights: [check]\n    keys: [H]\n    principal: buyer\n", 5, "`principal` is one object")]
    [InlineData("credentials:\n  - name: a\n    rights: [check]\n    keys: [H]\n    calls_per_second: 0\n", 5, "no number from 1 on")]
    [InlineData("credentials:\n  - name: a\n    rights: [check]\n    keys: [H, H]\n", 4, "stands here twice")]
    [InlineData("credentials:\n  - name: a\n    rights: [check]\n    keys: [H]\n  - name: a\n    rights: [check]\n    certificates: ['dns:a']\n", 5, "there is another entry `a`")]
    [InlineData("credentials:\n  - name: a\n    rights: [check]\n    certificates: ['a.example']\n", 4, "subject:CN=…, dns:…, uri:… or email:…")]
    [InlineData("credentials: []\n", 1, "nobody is let in")]
    [InlineData("credentials:\n  - name: a\n    rights: [check]\n    keys: [H]\n---\ncredentials: []\n", 6, "there is a second document; the whole credentials file belongs in the first")]
    [InlineData("credentials:\n  - name: 'two\n      lines'\n    rights: [check]\n    keys: [H]\n", 2, "is no name for a credential")]
    [InlineData("issuers:\n  - name: i\n    issuer: https://i\n    audiences: [a]\n    rights: [check]\n    keys: http://example.com/keys\n", 6, "http is for this machine alone")]
    [InlineData("issuers:\n  - name: i\n    issuer: https://i\n    audiences: [a]\n    rights: [check]\n    keys: k\n    algorithms: [HS256]\n", 7, "`HS256` is no algorithm that tokens may be signed with")]
    [InlineData("issuers:\n  - name: i\n    issuer: https://i\n    rights: [check]\n    keys: k\n", 2, "an issuer has `audiences`")]
    public async Task A_bad_file_refuses_the_start_with_its_line(string file, int line, string problem)
    {
        using TemporaryDirectory folder = new();
        string path = Path.Combine(folder.Path, "who.yaml");
        await File.WriteAllTextAsync(path, file.Replace("H", new string('0', 64), StringComparison.Ordinal).Replace($"{new string('0', 64)}S256", "HS256", StringComparison.Ordinal));
        RejectionException refused = await Assert.ThrowsAsync<RejectionException>(() => StartAsync(new SecurityOptions { CredentialsFile = path }));
        Assert.Contains($"{path}:{line}: ", refused.Message);
        Assert.Contains(problem, refused.Message);
        Assert.DoesNotContain("azg_secret", refused.Message);
    }

    [Fact]
    public async Task Without_credentials_the_start_says_that_whoever_connects_may_do_everything()
    {
        await using ServerHost host = await StartAsync(new SecurityOptions());
        Assert.Single(host.Announcement, line => line == "Development mode: there are no credentials, so only this machine can connect, and whoever does may do everything.");
    }

    [Fact]
    public async Task With_credentials_the_start_says_how_many_are_let_in()
    {
        await using SecuredServer server = await SecuredServer.StartAsync(Gateway);
        Assert.Single(server.Host.Announcement, line => line.Contains("2 credentials and 0 issuers of tokens; nobody without one is let in", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Host.Announcement, line => line.StartsWith("Development", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0.0.0.0", "that needs `credentials`")]
    [InlineData("::", "that needs `credentials`")]
    [InlineData("everywhere", "is no address")]
    public async Task Other_machines_are_let_in_with_credentials_only(string address, string problem)
    {
        RejectionException refused = await Assert.ThrowsAsync<RejectionException>(() => StartAsync(new SecurityOptions { Listen = address }));
        Assert.Contains(problem, refused.Message);
    }

    [Fact]
    public async Task Keys_cross_a_network_without_tls_only_when_somebody_says_so()
    {
        RejectionException refused = await Assert.ThrowsAsync<RejectionException>(() => SecuredServer.StartAsync(also: options => options with { Listen = "0.0.0.0" }));
        Assert.Contains("would cross the network unprotected", refused.Message);
        await using SecuredServer server = await SecuredServer.StartAsync(also: options => options with { Listen = "0.0.0.0", AllowPlaintext = true });
    }

    [Fact]
    public async Task A_hangup_reads_the_file_and_does_not_end_the_server()
    {
        using TemporaryDirectory folder = new();
        (string key, string sha256) = ApiKey.Create();
        string file = Path.Combine(folder.Path, "who.yaml");
        await File.WriteAllTextAsync(file, $"credentials:\n  - name: a\n    keys: [{sha256}]\n    rights: [read]\n");
        using ServerProcess server = await ServerProcess.StartAsync("--memory", "--credentials", file);
        await Words.Fails(RpcCode.Unauthenticated, "CREDENTIAL_MISSING", server.Client.ReadSchemaAsync(new()));
        server.HangUp();
        Assert.False(server.EndsWithin(TimeSpan.FromSeconds(2)));
        using AuthzGraphClient client = new(server.Address, new AuthzGraphClientOptions { Token = key });
        await Words.Fails(RpcCode.FailedPrecondition, "NO_SCHEMA", client.ReadSchemaAsync(new()));
    }

    [Fact]
    public async Task A_credential_reaches_its_own_stores_alone()
    {
        await using SecuredServer server = await SecuredServer.StartFilledAsync(
            "  - name: tenant\n    keys: [{tenant}]\n    rights: [check, schema, admin]\n    stores: [orders]\n" +
            "  - name: both\n    keys: [{both}]\n    stores: {orders: [schema], default: [check]}\n");
        AuthzGraphClient At(string name, string store) =>
            server.Kept(new AuthzGraphClient(server.Host.GrpcAddress, new AuthzGraphClientOptions { Token = server.Key(name), Store = store }));

        // what it may not reach looks the same whether it is there or not; its own is there once it is made
        foreach (string store in new[] { "default", "nowhere" }) await Words.Fails(RpcCode.PermissionDenied, "STORE_NOT_ALLOWED", At("tenant", store).CheckAsync(Question));
        await Words.Fails(RpcCode.NotFound, "STORE_UNKNOWN", server.As("tenant").CheckAsync(Question));
        await server.As(SecuredServer.Root).CreateStoreAsync(new() { Name = "orders" });
        await server.As(SecuredServer.Root).CreateStoreAsync(new() { Name = "billing" });
        await server.As("tenant").WriteSchemaAsync(new() { Text = TestServer.Schema });
        Assert.Equal(Outcome.Denied, (await server.As("tenant").CheckAsync(Question)).Decision.Outcome);

        // an administrator of one store neither sees nor makes nor deletes others
        Assert.Equal(["orders"], (await server.As("tenant").ListStoresAsync(new())).Stores.Select(s => s.Name));
        await Words.Fails(RpcCode.PermissionDenied, "STORE_NOT_ALLOWED", server.As("tenant").DeleteStoreAsync(new() { Name = "billing" }));
        await Words.Fails(RpcCode.PermissionDenied, "STORE_NOT_ALLOWED", server.As("tenant").CreateStoreAsync(new() { Name = "more" }));

        Assert.Equal(Outcome.Permitted, (await At("both", "default").CheckAsync(Question)).Decision.Outcome);
        await Words.Fails(RpcCode.PermissionDenied, "RIGHT_MISSING", At("both", "orders").CheckAsync(Question));
        await Words.Fails(RpcCode.PermissionDenied, "RIGHT_MISSING", At("both", "default").WriteSchemaAsync(new() { Text = TestServer.Schema }));
        await At("both", "orders").WriteSchemaAsync(new() { Text = TestServer.Schema });
    }

    // says something every few moments, so that it is known to be going on
    private static IAsyncEnumerator<WatchRelationshipsResponse> Watch(SecuredServer server, string name) => server.As(name).WatchRelationshipsAsync(new()
    {
        Kinds = { WatchRelationshipsRequest.Types.Kind.Relationships, WatchRelationshipsRequest.Types.Kind.Checkpoints },
        CheckpointEvery = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromMilliseconds(50)),
    }).GetAsyncEnumerator();

    private static Task<ServerHost> StartAsync(SecurityOptions security) =>
        ServerHost.StartAsync(new ServerOptions { Storage = new StorageLocation.Memory(), GrpcPort = 0, HttpPort = 0, Security = security });
}
