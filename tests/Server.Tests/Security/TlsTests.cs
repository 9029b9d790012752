using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AuthzGraph.Client;
using AuthzGraph.Graph;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Hosting;
using AuthzGraph.Server.Security;

namespace AuthzGraph.Server.Tests.Security;

/// <summary>TLS, with certificates that are exchanged while the server runs, and callers that are known by their own.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Certified =
        """
          - name: mesh
            certificates: ['uri:spiffe://example/mesh', 'dns:mesh.example']
            rights: [check]
          - name: named
            certificates: ['subject:CN=named']
            rights: [check]
            principal: user:ann

        """;

    private static readonly CheckRequest Question = Words.Check("document:readme#view@user:ann");

    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task One_port_speaks_both_versions_of_http()
    {
        await using SecuredServer server = await StartAsync();
        await server.Kept(Client(server, server.Key(SecuredServer.Root))).WriteSchemaAsync(new() { Text = TestServer.Schema });
        foreach (Version version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            using HttpClient http = Http(server, version);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Host.GrpcAddress, "/authzgraph.v1.Schema/Read"))
            {
                Content = new StringContent("{}", Encoding.UTF8, "application/json"), Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            request.Headers.Add("Authorization", $"Bearer {server.Key(SecuredServer.Root)}");
            using HttpResponseMessage response = await http.SendAsync(request);
            Assert.Equal((HttpStatusCode.OK, version), (response.StatusCode, response.Version));
        }
    }

    [Fact]
    public async Task A_certificate_is_exchanged_without_a_restart()
    {
        await using SecuredServer server = await StartAsync();
        Assert.Equal("CN=server", await ShownAsync(server));
        _authority.WriteServer(server.Folder, "renewed");
        await server.Log.WaitAsync("new connections get this certificate");
        for (int i = 0; await ShownAsync(server) != "CN=renewed"; i++)     // the key and the certificate are two files
        {
            Assert.True(i < 200, "the new certificate isn't shown");
            await Task.Delay(25);
        }

        await File.WriteAllTextAsync(Path.Combine(server.Folder, "server.pem"), "nothing");
        await server.Log.WaitAsync("the certificate stays as it was");
        Assert.Equal("CN=renewed", await ShownAsync(server));
    }

    [Fact]
    public async Task A_client_is_known_by_its_certificate()
    {
        await using SecuredServer server = await StartAsync(Certified, known: true);
        await FillAsync(server);
        foreach (X509Certificate2 certificate in new[] { _authority.Client("a", "spiffe://example/mesh"), _authority.Client("mesh"), _authority.Client("named") })
            Assert.Equal(Outcome.Permitted, (await server.Kept(Client(server, null, certificate)).CheckAsync(Question)).Decision.Outcome);

        AuthzGraphClient named = server.Kept(Client(server, null, _authority.Client("named")));
        await Words.Fails(RpcCode.PermissionDenied, "OTHER_PRINCIPAL", named.CheckAsync(Words.Check("document:readme#view@user:bob")));
        await Words.Fails(RpcCode.PermissionDenied, "RIGHT_MISSING", named.ReadSchemaAsync(new()));
    }

    [Fact]
    public async Task A_certificate_that_nobody_knows_opens_nothing_and_a_key_beside_it_counts()
    {
        await using SecuredServer server = await StartAsync(Certified, known: true);
        await FillAsync(server);
        X509Certificate2 stranger = _authority.Client("stranger", "spiffe://example/other");
        await Words.Fails(RpcCode.Unauthenticated, "CREDENTIAL_UNKNOWN", server.Kept(Client(server, null, stranger)).CheckAsync(Question));
        await Words.Fails(RpcCode.Unauthenticated, "CREDENTIAL_MISSING", server.Kept(Client(server, null)).CheckAsync(Question));
        await server.Kept(Client(server, server.Key(SecuredServer.Root), stranger)).CheckAsync(Question);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_does_not_get_as_far_as_a_call()
    {
        using TestAuthority other = new();
        await using SecuredServer server = await StartAsync(Certified, known: true);
        await Words.Fails(RpcCode.Unavailable, "", server.Kept(Client(server, null, other.Client("named"))).CheckAsync(Question));
        await Words.Fails(RpcCode.Unavailable, "", server.Kept(Client(server, null, _authority.Client("named", forServers: true))).CheckAsync(Question));
    }

    [Fact]
    public async Task A_client_does_not_speak_to_a_server_that_it_does_not_trust()
    {
        using TestAuthority other = new();
        await using SecuredServer server = await StartAsync();
        using AuthzGraphClient client = new(server.Host.GrpcAddress, new AuthzGraphClientOptions { Token = server.Key(SecuredServer.Root), Authorities = [other.Certificate] });
        await Words.Fails(RpcCode.Unavailable, "", client.CheckAsync(Question));
    }

    [Theory]
    [InlineData("server.pem", "no certificate with its private key")]
    [InlineData("server.key", "no certificate with its private key")]
    [InlineData("authority.pem", "holds no certificate")]
    public async Task A_start_without_its_certificate_names_the_file(string broken, string problem)
    {
        using TemporaryDirectory folder = new();
        Write(folder.Path);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, broken), "nothing");
        IOException refused = await Assert.ThrowsAsync<IOException>(() => ServerHost.StartAsync(new ServerOptions
        {
            Storage = new StorageLocation.Memory(), GrpcPort = 0, HttpPort = 0, Security = Tls(new SecurityOptions(), folder.Path, known: true),
        }));
        Assert.Contains(broken, refused.Message);
        Assert.Contains(problem, refused.Message);
    }

    private async Task<SecuredServer> StartAsync(string credentials = "", bool known = false)
    {
        string folder = "";
        return await SecuredServer.StartAsync(credentials, prepare: path => Write(folder = path), also: options => Tls(options, folder, known));
    }

    private void Write(string folder)
    {
        _authority.WriteServer(folder);
        File.WriteAllText(Path.Combine(folder, "authority.pem"), _authority.Certificate.ExportCertificatePem());
    }

    private static SecurityOptions Tls(SecurityOptions options, string folder, bool known) => options with
    {
        TlsCertificate = Path.Combine(folder, "server.pem"),
        TlsKey = Path.Combine(folder, "server.key"),
        TlsClientAuthorities = known ? Path.Combine(folder, "authority.pem") : null,
    };

    private async Task FillAsync(SecuredServer server)
    {
        AuthzGraphClient root = server.Kept(Client(server, server.Key(SecuredServer.Root)));
        await root.WriteSchemaAsync(new() { Text = TestServer.Schema });
        await root.WriteRelationshipsAsync(Words.Touch(TestServer.Tuples));
    }

    private AuthzGraphClient Client(SecuredServer server, string? token, X509Certificate2? certificate = null) =>
        new(server.Host.GrpcAddress, new AuthzGraphClientOptions { Deadline = TimeSpan.FromSeconds(30), Token = token, Certificate = certificate, Authorities = [_authority.Certificate] });

    private HttpClient Http(SecuredServer server, Version version)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_authority.Certificate);
        return new HttpClient(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } })
        {
            BaseAddress = server.Host.GrpcAddress, DefaultRequestVersion = version,
        };
    }

    private static async Task<string> ShownAsync(SecuredServer server)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Host.GrpcAddress.Port);
        using var tls = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost");
        return tls.RemoteCertificate?.Subject ?? "";
    }
}
