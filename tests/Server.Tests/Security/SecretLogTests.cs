using System.Text;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Server.Tests.Security;

/// <summary>Nothing that was said in confidence is in the log, at the most talkative level, of a server that was asked all sorts of things.</summary>
public sealed class SecretLogTests
{
    private const string ContextSecret = "context-4711-secret";
    private const string BodySecret = "body-4712-secret";
    private const string WrongKey = "azg_wrong-4713-secret";
    private const string SchemeSecret = "c2NoZW1lLTQ3MTQtc2VjcmV0";

    private const string Caveated =
        """
        definition user {}
        caveat from(ip string, level int) { ip == "10.0.0.1" && level > 3 }
        definition document {
            relation viewer: user with from
            permission view = viewer
        }
        """;

    private const string Issuers =
        """
          - name: gateway
            keys: [{gateway}]
            rights: [check, read, write]
            calls_per_second: 20
        issuers:
          - name: idp
            issuer: https://idp.example
            audiences: [authzgraph]
            keys: keys.json
            rights: [check]

        """;

    [Fact]
    public async Task No_secret_token_or_context_is_logged()
    {
        using TestIssuer issuer = new(), forger = new();
        await using SecuredServer server = await SecuredServer.StartAsync(Issuers, prepare: folder => File.WriteAllText(Path.Combine(folder, "keys.json"), issuer.KeySet));
        AuthzGraphClient root = server.As(SecuredServer.Root);
        await root.WriteSchemaAsync(new() { Text = Caveated });
        await root.WriteRelationshipsAsync(Words.Touch("document:readme#viewer@user:ann[from]"));

        string good = issuer.Token(TestIssuer.Claims()), forged = forger.Token(TestIssuer.Claims()), expired = issuer.Token(TestIssuer.Claims(seconds: -5));
        for (int i = 0; i < 30; i++)
        {
            foreach (string? token in new[] { server.Key(SecuredServer.Root), server.Key("gateway"), good, forged, expired, WrongKey, null })
            {
                await AskAsync(server.With(token), "10.0.0.1" + ContextSecret, Value.ForNumber(5));
                await AskAsync(server.With(token), ContextSecret, Value.ForString(ContextSecret));      // of the wrong type
            }
            await PostAsync(server, "/authzgraph.v1.Permissions/Check", $$"""{"resource": {{BodySecret}}""", $"Bearer {server.Key("gateway")}");
            await PostAsync(server, "/access/v1/evaluation", $$"""{"context": {"ip": "{{ContextSecret}}", {{BodySecret}}""", $"Bearer {good}");
            await PostAsync(server, "/access/v1/evaluation", "{}", $"Basic {SchemeSecret}");
        }
        await server.ChangeAsync($"  - name: gateway\n    keys: ['{WrongKey}']\n    rights: [check]\n", notice: "the credentials stay as they were");

        string log = string.Join('\n', server.Log.All);
        Assert.True(log.Length > 10_000, "the server said next to nothing, which proves nothing");
        string[] secrets = [ContextSecret, BodySecret, WrongKey, SchemeSecret, server.Key(SecuredServer.Root), server.Key("gateway"), .. new[] { good, forged, expired }.SelectMany(t => t.Split('.'))];
        string[] told = [.. secrets.Where(secret => log.Contains(secret, StringComparison.Ordinal))];
        Assert.True(told.Length == 0, string.Join('\n', server.Log.All.Where(line => told.Any(secret => line.Contains(secret, StringComparison.Ordinal))).Take(5)));
    }

    private static async Task AskAsync(AuthzGraphClient client, string ip, Value level)
    {
        CheckRequest request = Words.Check("document:readme#view@user:ann");
        request.Context = new Struct { Fields = { ["ip"] = Value.ForString(ip), ["level"] = level } };
        try
        {
            await client.CheckAsync(request);
        }
        catch (AuthzGraphException)
        {
        }
    }

    private static async Task PostAsync(SecuredServer server, string path, string body, string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using HttpResponseMessage response = await server.Http.SendAsync(request);
    }
}
