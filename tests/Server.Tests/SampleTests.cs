using System.Net;
using System.Net.Http.Json;
using AuthzGraph.Client;
using AuthzGraph.Samples.DocumentsApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace AuthzGraph.Server.Tests;

/// <summary>The sample application in samples/DocumentsApi, started and called.</summary>
public sealed class SampleTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private WebApplication _sample = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartFilledAsync();
        await _server.Client.WriteRelationshipsAsync(Words.Touch("document:plan#owner@user:ann"));
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _sample = DocumentsApplication.Build(builder, _server.Host.GrpcAddress);
        await _sample.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_sample.Urls.Single()) };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _sample.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/documents/readme", "user:ann", null, HttpStatusCode.OK)]
    [InlineData("GET", "/documents/readme", "user:bob", null, HttpStatusCode.OK)]
    [InlineData("PUT", "/documents/readme", "user:bob", null, HttpStatusCode.Forbidden)]
    [InlineData("GET", "/documents/plan", "user:bob", null, HttpStatusCode.Forbidden)]
    [InlineData("GET", "/documents/readme", null, null, HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/documents/readme", "agent:bot", null, HttpStatusCode.Forbidden)]
    [InlineData("GET", "/documents/readme", "agent:bot", "grant:g1", HttpStatusCode.OK)]
    [InlineData("GET", "/documents/readme", "agent:sub", "grant:g1", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/documents/readme/copy?to=plan", "user:ann", null, HttpStatusCode.OK)]
    [InlineData("POST", "/documents/readme/copy?to=plan", "user:bob", null, HttpStatusCode.Forbidden)]
    public async Task Who_may_is_let_in(string method, string path, string? principal, string? hop, HttpStatusCode status)
    {
        using HttpResponseMessage response = await SendAsync(method, path, principal, hop);
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Lists_show_what_may_be_read()
    {
        using HttpResponseMessage people = await SendAsync("GET", "/documents", "user:ann", null);
        Assert.Equal(["plan", "readme"], await people.Content.ReadFromJsonAsync<string[]>() ?? []);
        using HttpResponseMessage agents = await SendAsync("GET", "/documents", "agent:bot", "grant:g1");
        Assert.Equal(["readme"], await agents.Content.ReadFromJsonAsync<string[]>() ?? []);
    }

    [Fact]
    public async Task A_revocation_counts_for_the_next_request()
    {
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", "/documents/readme", "agent:bot", "grant:g1")).StatusCode);
        await _server.Client.RevokeAsync(new() { Act = new() { As = Words.Object("user:ann") }, Delegation = Words.Object("grant:g1") });
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync("GET", "/documents/readme", "agent:bot", "grant:g1")).StatusCode);
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path, string? principal, string? hop)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (principal is not null) request.Headers.Add("X-Principal", principal);
        if (hop is not null) request.Headers.Add(DocumentsApplication.DelegationHeader, hop);
        return _http.SendAsync(request);
    }
}
