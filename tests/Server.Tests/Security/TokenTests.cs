using System.Net;
using System.Security.Cryptography;
using System.Text;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AuthzGraph.Server.Tests.Security;

/// <summary>JSON Web Tokens of an issuer that is trusted, and all that only look like one.</summary>
public sealed class TokenTests : IDisposable
{
    private const string Issuer =
        """
        issuers:
          - name: idp
            issuer: https://idp.example
            audiences: [authzgraph]
            keys: KEYS
            rights: [check]
            scopes:
              authz.read: [read]
            principal: agent:{sub}

        """;

    private static readonly CheckRequest Own = Words.Check("document:readme#view@agent:bot");
    private readonly TestIssuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Fact]
    public async Task A_token_makes_its_bearer_the_principal_it_names()
    {
        await using SecuredServer server = await StartAsync();
        AuthzGraphClient bot = server.With(_issuer.Token(TestIssuer.Claims("bot")));
        CheckRequest delegated = Words.Check("document:readme#view@agent:bot");
        delegated.Acting = new() { Delegation = Words.Object("grant:g1") };
        Assert.Equal(Outcome.Permitted, (await bot.CheckAsync(delegated)).Decision.Outcome);
        Assert.Equal(Outcome.Permitted, (await bot.CheckAsync(delegated)).Decision.Outcome);      // remembered

        AuthzGraphClient thief = server.With(_issuer.Token(TestIssuer.Claims("sub")));
        await Words.Fails(RpcCode.PermissionDenied, "OTHER_PRINCIPAL", thief.CheckAsync(delegated));
    }

    [Fact]
    public async Task A_scope_gives_the_rights_that_it_is_said_to_give()
    {
        await using SecuredServer server = await StartAsync();
        await Words.Fails(RpcCode.PermissionDenied, "RIGHT_MISSING", server.With(_issuer.Token(TestIssuer.Claims())).ReadSchemaAsync(new()));
        Dictionary<string, object> scoped = TestIssuer.Claims();
        scoped["scope"] = "openid authz.read";
        await server.With(_issuer.Token(scoped)).ReadSchemaAsync(new());
        scoped["scope"] = new[] { "authz.read" };
        await server.With(_issuer.Token(scoped)).ReadSchemaAsync(new());
        scoped["scope"] = "authz.reads authz.rea";
        await Words.Fails(RpcCode.PermissionDenied, "RIGHT_MISSING", server.With(_issuer.Token(scoped)).ReadSchemaAsync(new()));
    }

    [Theory]
    [InlineData("exp", -1, "it has expired")]
    [InlineData("nbf", 300, "it is not valid yet")]
    public async Task A_token_holds_in_its_time_alone(string claim, int seconds, string why)
    {
        Dictionary<string, object> claims = TestIssuer.Claims();
        claims[claim] = TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();
        await RefusedAsync(_issuer.Token(claims), why);
    }

    [Fact]
    public async Task A_token_that_never_expires_is_refused()
    {
        Dictionary<string, object> claims = TestIssuer.Claims();
        claims.Remove("exp");
        await RefusedAsync(_issuer.Token(claims), "it never expires");
    }

    [Fact]
    public async Task A_token_for_somebody_else_is_refused()
    {
        Dictionary<string, object> claims = TestIssuer.Claims();
        claims["aud"] = "billing";
        await RefusedAsync(_issuer.Token(claims), "it is not for this server");
    }

    [Fact]
    public async Task A_token_of_another_issuer_is_refused()
    {
        Dictionary<string, object> claims = TestIssuer.Claims();
        claims["iss"] = "https://idp.example.evil";
        await RefusedAsync(_issuer.Token(claims), "its issuer is not trusted here");
    }

    [Fact]
    public async Task A_token_without_a_signature_is_refused()
    {
        await RefusedAsync(_issuer.Unsigned(TestIssuer.Claims(), "none") + ".");
        await RefusedAsync(_issuer.Unsigned(TestIssuer.Claims(), "RS256") + ".");
    }

    [Fact]
    public async Task A_token_signed_with_the_public_key_as_a_secret_is_refused()
    {
        string signed = _issuer.Unsigned(TestIssuer.Claims(), "HS256");
        foreach (string secret in new[] { _issuer.PublicPem, _issuer.PublicKey, _issuer.KeySet })
            await RefusedAsync($"{signed}.{TestIssuer.Text(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed)))}");
    }

    [Fact]
    public async Task A_token_that_was_changed_is_refused()
    {
        string[] bots = _issuer.Token(TestIssuer.Claims("bot")).Split('.'), others = _issuer.Token(TestIssuer.Claims("sub")).Split('.');
        await RefusedAsync($"{others[0]}.{others[1]}.{bots[2]}", "its signature does not hold");
    }

    [Fact]
    public async Task A_token_signed_with_another_key_is_refused()
    {
        using TestIssuer forger = new(), unknown = new() { KeyId = "k2" };
        await RefusedAsync(forger.Token(TestIssuer.Claims()), "its signature does not hold");
        await RefusedAsync(unknown.Token(TestIssuer.Claims()), "its issuer has no such key");
    }

    [Fact]
    public async Task A_token_with_which_somebody_acts_for_another_does_not_make_it_the_other()
    {
        Dictionary<string, object> claims = TestIssuer.Claims();
        claims["act"] = new Dictionary<string, string> { ["sub"] = "helper" };
        await RefusedAsync(_issuer.Token(claims), "somebody acts for another with it");
    }

    [Fact]
    public async Task The_actor_of_a_token_is_who_presents_it_where_the_file_says_so()
    {
        await using SecuredServer server = await StartAsync(Issuer.Replace("{sub}", "{act.sub}", StringComparison.Ordinal));
        Dictionary<string, object> claims = TestIssuer.Claims("ann");
        await Words.Fails(RpcCode.Unauthenticated, "TOKEN_REFUSED", server.With(_issuer.Token(claims)).CheckAsync(Own));
        claims["act"] = new Dictionary<string, string> { ["sub"] = "bot" };
        await server.With(_issuer.Token(claims)).CheckAsync(Own);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("a b")]
    [InlineData("a#b")]
    public async Task A_subject_that_is_no_id_is_nobody(string subject) => await RefusedAsync(_issuer.Token(TestIssuer.Claims(subject)));

    [Theory]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.")]
    public async Task Nonsense_is_refused(string token) => await RefusedAsync(token);

    [Fact]
    public async Task A_token_ends_while_a_stream_goes_on()
    {
        await using SecuredServer server = await StartAsync();
        Dictionary<string, object> claims = TestIssuer.Claims(seconds: 3);
        claims["scope"] = "authz.read";
        AuthzGraphException end = await Assert.ThrowsAsync<AuthzGraphException>(async () =>
        {
            await foreach (WatchRelationshipsResponse _ in server.With(_issuer.Token(claims)).WatchRelationshipsAsync(new() { Kinds = { WatchRelationshipsRequest.Types.Kind.Checkpoints } })) { }
        });
        Assert.Equal("CREDENTIAL_ENDED", end.Reason);
    }

    [Fact]
    public async Task Keys_at_an_address_are_exchanged_without_a_restart()
    {
        using TestIssuer next = new() { KeyId = "k2" };
        LaterTime time = new();
        string set = _issuer.KeySet;
        await using WebApplication idp = await ServeAsync(() => set);
        await using SecuredServer server = await StartAsync(Issuer.Replace("KEYS", idp.Urls.Single() + "/keys", StringComparison.Ordinal), time: time);
        await server.With(_issuer.Token(TestIssuer.Claims())).CheckAsync(Own);
        await Words.Fails(RpcCode.Unauthenticated, "TOKEN_REFUSED", server.With(next.Token(TestIssuer.Claims())).CheckAsync(Own));

        set = next.KeySet;
        time.Advance(TimeSpan.FromSeconds(30));
        await server.With(next.Token(TestIssuer.Claims())).CheckAsync(Own);
        time.Advance(TimeSpan.FromMinutes(6));
        await Words.Fails(RpcCode.Unauthenticated, "TOKEN_REFUSED", server.With(_issuer.Token(TestIssuer.Claims(seconds: 6_000))).CheckAsync(Own));
    }

    [Fact]
    public async Task Keys_in_a_file_are_exchanged_without_a_restart()
    {
        using TestIssuer next = new() { KeyId = "k2" };
        await using SecuredServer server = await StartAsync();
        await server.With(_issuer.Token(TestIssuer.Claims())).CheckAsync(Own);
        await File.WriteAllTextAsync(Path.Combine(server.Folder, "keys.json"), next.KeySet);
        await server.Log.WaitAsync("was read again");
        await server.With(next.Token(TestIssuer.Claims())).CheckAsync(Own);
        await Words.Fails(RpcCode.Unauthenticated, "TOKEN_REFUSED", server.With(_issuer.Token(TestIssuer.Claims())).CheckAsync(Own));
    }

    [Fact]
    public async Task While_the_keys_cannot_be_had_a_token_is_neither_good_nor_bad()
    {
        await using SecuredServer server = await StartAsync(Issuer.Replace("KEYS", "http://127.0.0.1:1/keys", StringComparison.Ordinal));
        await Words.Fails(RpcCode.Unavailable, "ISSUER_KEYS_MISSING", server.With(_issuer.Token(TestIssuer.Claims())).CheckAsync(Own));
        Assert.True(server.Log.Count("can't be had") > 0);
    }

    private async Task RefusedAsync(string token, string why = "")
    {
        await using SecuredServer server = await StartAsync();
        AuthzGraphException refused = await Words.Fails(server.With(token).CheckAsync(Own));
        Assert.Equal((RpcCode.Unauthenticated, "TOKEN_REFUSED"), (refused.Code, refused.Reason));
        Assert.Contains(why, refused.Message);
    }

    private async Task<SecuredServer> StartAsync(string issuers = Issuer, string? keys = null, TimeProvider? time = null)
    {
        SecuredServer server = await SecuredServer.StartAsync(issuers.Replace("KEYS", "keys.json", StringComparison.Ordinal), time,
            prepare: folder => File.WriteAllText(Path.Combine(folder, "keys.json"), keys ?? _issuer.KeySet));
        await server.As(SecuredServer.Root).WriteSchemaAsync(new() { Text = TestServer.Schema });
        await server.As(SecuredServer.Root).WriteRelationshipsAsync(Words.Touch(TestServer.Tuples));
        return server;
    }

    private static async Task<WebApplication> ServeAsync(Func<string> keys)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        app.Run(http => http.Response.WriteAsync(keys()));
        await app.StartAsync();
        return app;
    }
}
