using System.IO.Compression;
using System.Net;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Google.Protobuf;
using Xunit.Abstractions;
using static AuthzGraph.Server.Tests.RawGrpc;
using Outcome = AuthzGraph.Protocol.V1.Outcome;

namespace AuthzGraph.Server.Tests;

public sealed class MalformedGrpcTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly byte[] Question = Words.Check("document:readme#view@user:ann").ToByteArray();

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartFilledAsync(Limits.Default with { MessageBytes = 64 * 1024 });

    /// <summary>Whatever a test sent, the server still answers.</summary>
    public async Task DisposeAsync()
    {
        CheckResponse response = await _server.Client.CheckAsync(Words.Check("document:readme#view@user:ann"));
        Assert.Equal(Outcome.Permitted, response.Decision.Outcome);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_good_call_has_its_status_in_the_trailers()
    {
        Answer answer = await PostAsync(_server, Frame(Question));
        Assert.Equal((200, RpcCode.Ok, false), (answer.Http, answer.Code, answer.TrailersOnly));
        Assert.Equal(Outcome.Permitted, CheckResponse.Parser.ParseFrom(answer.Body.AsSpan(5)).Decision.Outcome);
    }

    [Fact]
    public async Task A_refused_call_has_its_status_in_the_headers()
    {
        Answer answer = await PostAsync(_server, Frame(new CheckRequest()));
        Assert.Equal((200, RpcCode.InvalidArgument, true), (answer.Http, answer.Code, answer.TrailersOnly));
        Assert.Empty(answer.Body);
        Assert.Equal("`resource` is missing", answer.Message);
    }

    [Theory]
    [InlineData("", "ends before its message")]
    [InlineData("00", "ends before its message")]
    [InlineData("0000000009", "ends before its message")]
    [InlineData("00000000020A", "ends before its message")]
    [InlineData("02000000020000", "compression flag")]
    [InlineData("0000000002FFFF", "not a CheckRequest")]
    [InlineData("00000000000000000000", "more than one message")]
    [InlineData("000000000000", "more than one message")]
    public async Task A_malformed_frame_is_an_internal_error_that_says_what_is_wrong(string hex, string sentence)
    {
        Answer answer = await PostAsync(_server, Convert.FromHexString(hex));
        Assert.Equal(RpcCode.Internal, answer.Code);
        Assert.Contains(sentence, answer.Message);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_from_its_header_alone()
    {
        Answer answer = await PostAsync(_server, [0, 0x7F, 0xFF, 0xFF, 0xFF]);
        Assert.Equal(RpcCode.ResourceExhausted, answer.Code);
        Assert.Contains("65536", answer.Message);
        Assert.Equal(RpcCode.ResourceExhausted, (await PostAsync(_server, Frame(new byte[64 * 1024 + 1]))).Code);
    }

    [Fact]
    public async Task The_typed_client_learns_that_its_message_is_too_large()
    {
        var request = new WriteSchemaRequest { Text = new string(' ', 5_000_000) };
        Assert.Equal(RpcCode.ResourceExhausted, (await Words.Fails(_server.Client.WriteSchemaAsync(request))).Code);
    }

    [Theory]
    [InlineData("/authzgraph.v1.Permissions/Fly", "no method Fly")]
    [InlineData("/authzgraph.v9.Permissions/Check", "no service authzgraph.v9.Permissions")]
    [InlineData("/", "no service")]
    [InlineData("/authzgraph.v1.Permissions/check", "no method check")]
    public async Task An_unknown_method_or_service_is_unimplemented(string path, string sentence)
    {
        Answer answer = await PostAsync(_server, Frame(Question), path);
        Assert.Equal(RpcCode.Unimplemented, answer.Code);
        Assert.Contains(sentence, answer.Message);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/grpcweb")]
    [InlineData("")]
    public async Task Another_content_type_is_refused_with_the_ones_that_are_taken(string mediaType)
    {
        Answer answer = await PostAsync(_server, Frame(Question), mediaType: mediaType);
        Assert.Equal((415, null), (answer.Http, answer.Code));
        Assert.Equal("application/json, application/proto, application/grpc", string.Join(", ", answer.Headers.GetValues("Accept-Post")));
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("APPLICATION/GRPC")]
    [InlineData("application/grpc; charset=utf-8")]
    public async Task The_forms_of_the_content_type_are_taken(string mediaType) =>
        Assert.Equal(RpcCode.Ok, (await PostAsync(_server, Frame(Question), mediaType: mediaType)).Code);

    [Fact]
    public async Task Get_is_refused_on_a_call_and_finds_nothing_elsewhere()
    {
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _server.Http2.GetAsync(CheckPath)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _server.Http2.GetAsync("/elsewhere")).StatusCode);
    }

    [Fact]
    public async Task Grpc_over_http_1_is_told_to_upgrade()
    {
        Answer answer = await PostAsync(_server.Http, new ByteArrayContent(Frame(Question)), CheckPath, "application/grpc");
        Assert.Equal(426, answer.Http);
    }

    [Fact]
    public async Task A_gzipped_message_is_read_and_answered_in_gzip_where_that_is_accepted()
    {
        byte[] frame = Frame(Gzip(Question), flag: 1);
        Answer plain = await PostAsync(_server, frame, headers: ("grpc-encoding", "gzip"));
        Assert.Equal((RpcCode.Ok, false), (plain.Code, IsPacked(plain)));

        Answer packed = await PostAsync(_server, frame, headers: [("grpc-encoding", "gzip"), ("grpc-accept-encoding", "identity,gzip")]);
        Assert.Equal((RpcCode.Ok, true), (packed.Code, IsPacked(packed)));
        Assert.Equal("gzip", packed.Headers.GetValues("grpc-encoding").Single());
        Assert.Equal(Outcome.Permitted, CheckResponse.Parser.ParseFrom(Gunzip(packed.Body[5..])).Decision.Outcome);
    }

    [Fact]
    public async Task A_small_message_that_unpacks_to_a_large_one_is_refused()
    {
        byte[] bomb = Gzip(new byte[5_000_000]);
        Assert.True(bomb.Length < 64 * 1024);
        Assert.Equal(RpcCode.ResourceExhausted, (await PostAsync(_server, Frame(bomb, flag: 1), headers: ("grpc-encoding", "gzip"))).Code);
    }

    [Fact]
    public async Task Compression_that_is_not_announced_broken_or_unknown_is_an_error()
    {
        Assert.Equal(RpcCode.Internal, (await PostAsync(_server, Frame(Gzip(Question), flag: 1))).Code);
        Assert.Equal(RpcCode.Internal, (await PostAsync(_server, Frame(Question, flag: 1), headers: ("grpc-encoding", "gzip"))).Code);
        Answer unknown = await PostAsync(_server, Frame(Question), headers: ("grpc-encoding", "snappy"));
        Assert.Equal(RpcCode.Unimplemented, unknown.Code);
        Assert.Equal("identity,gzip", unknown.Headers.GetValues("grpc-accept-encoding").Single());
    }

    [Fact]
    public async Task Any_bytes_get_an_answer()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int i = 0; i < 300; i++)
        {
            byte[] payload = (byte[])Question.Clone();
            for (int changes = random.Next(1, 6); changes > 0; changes--) payload[random.Next(payload.Length)] = (byte)random.Next(256);
            Answer answer = await PostAsync(_server, Frame(payload[..random.Next(payload.Length + 1)]));
            Assert.True(answer.Code is RpcCode.Ok or RpcCode.InvalidArgument or RpcCode.FailedPrecondition or RpcCode.Internal, $"seed {seed}: {answer.Code} {answer.Message}");
            if (answer.Code == RpcCode.Internal) Assert.True(answer.Message.Contains("not a CheckRequest"), $"seed {seed}: {answer.Message}");
        }
    }

    private static bool IsPacked(Answer answer) => answer.Body[0] == 1;

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Gunzip(byte[] bytes)
    {
        using var plain = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress)) gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
