using System.Text.Json;
using AuthzGraph.Graph;
using AuthzGraph.Server.Hosting;

namespace AuthzGraph.Cli.Tests;

public sealed class SchemaChangeCommandTests : IDisposable
{
    private const string Old = "definition user {}\n\ndefinition document {\n    relation viewer: user\n    permission view = viewer\n}\n";
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_diff_of_two_files_marks_what_widens()
    {
        Run run = await DiffAsync(Old.Replace("viewer: user", "viewer: user:*"));
        Assert.Equal((0, """
            · relation `document#viewer` no longer holds `user`
            ! relation `document#viewer` may now hold `user:*` widens authority: one edge admits every `user`
            2 changes, 1 widen authority, 0 may

            """), (run.Exit, run.Output));
        Assert.Equal((0, "nothing changes\n"), await Outcome(DiffAsync(Old)));
    }

    [Fact]
    public async Task A_pipeline_can_stop_at_what_widens()
    {
        Assert.Equal(1, (await DiffAsync(Old.Replace("viewer: user", "viewer: user:*"), "--fail-on-widening")).Exit);
        Assert.Equal(1, (await DiffAsync(Old.Replace("view = viewer", "view = self").Insert(0, "use self\n"), "--fail-on-widening")).Exit);
        Assert.Equal(0, (await DiffAsync(Old.Replace("view = viewer", "view = nil"), "--fail-on-widening")).Exit);
    }

    [Fact]
    public async Task A_diff_can_be_had_as_JSON()
    {
        Run run = await DiffAsync(Old.Replace("view = viewer", "view = nil"), "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement change = Assert.Single(json.RootElement.GetProperty("changes").EnumerateArray());
        Assert.Equal(("PermissionExpressionChanged", "viewer", "nil", "no"), (change.GetProperty("kind").GetString(), change.GetProperty("before").GetString(), change.GetProperty("after").GetString(), change.GetProperty("widening").GetString()));
    }

    [Fact]
    public async Task A_file_that_does_not_compile_is_no_schema_to_compare()
    {
        Run run = await DiffAsync(Old.Replace("= viewer", "= viewr"));
        Assert.Equal((1, ""), (run.Exit, run.Output));
        Assert.Contains(":5:23: error AZ", run.Error);
    }

    [Fact]
    public async Task A_diff_against_a_server_names_the_relationships_in_the_way()
    {
        await using ServerHost host = await ServerHost.StartAsync(new ServerOptions { Storage = new StorageLocation.Memory(), GrpcPort = 0, HttpPort = 0 });
        string[] server = ["--server", host.GrpcAddress.ToString()];
        string old = _folder.File("old.authz", Old);
        string next = _folder.File("next.authz", Old.Replace("viewer: user", "viewer: document"));
        Assert.Equal(0, (await Run.OfAsync(["schema", "write", old, .. server])).Exit);
        Assert.Equal(0, (await Run.OfAsync(["relationship", "write", "document:readme#viewer@user:ann", "document:readme#viewer@user:bob", .. server])).Exit);
        Run run = await Run.OfAsync(["schema", "diff", next, .. server]);
        Assert.Equal((1, """
            · relation `document#viewer` no longer holds `user`
            ! relation `document#viewer` may now hold `document` widens authority: it may hold more subjects
            ✗ `document#viewer@user` can't be removed, because 2 relationships exist with it
                for example document:readme#viewer@user:ann
            2 changes, 1 widen authority, 0 may; stored relationships do not allow it

            """), (run.Exit, run.Output));
        Assert.Equal((0, Old), await Outcome(Run.OfAsync(["schema", "read", .. server])));
    }

    [Fact]
    public async Task A_code_is_explained_with_its_example()
    {
        Run run = await Run.OfAsync("schema", "explain", "az0451");
        Assert.Equal(0, run.Exit);
        Assert.StartsWith("AZ0451\n\n**Warning: lending has no effect.**", run.Output);
        Assert.EndsWith("```\n", run.Output);
        Assert.DoesNotContain("####", (await Run.OfAsync("schema", "explain", "AZ0201")).Output);
        Run unknown = await Run.OfAsync("schema", "explain", "AZ9999");
        Assert.Equal((2, ""), (unknown.Exit, unknown.Output));
    }

    [Fact]
    public async Task A_schema_is_drawn_for_Graphviz_and_for_Mermaid()
    {
        string file = _folder.File("schema.authz", "definition user {}\ndefinition group {\n    relation member: user | group#member\n    permission all = member & member->nobody\n}\n");
        Assert.Equal((0, """
            digraph schema {
              rankdir=LR;
              node [shape=box];
              "user" [label="user\l"];
              "group" [label="group\lall = member & member->nobody\l"];
              "group" -> "user" [label="member: user"];
              "group" -> "group" [label="member: group#member"];
            }

            """), await Outcome(Run.OfAsync("schema", "graph", file)));
        Assert.Equal((0, """
            flowchart LR
              d0["user"]
              d1["group<br/>all = member &amp; member-&gt;nobody"]
              d1 -->|"member: user"| d0
              d1 -->|"member: group#35;member"| d1

            """), await Outcome(Run.OfAsync("schema", "graph", file, "--format", "mermaid")));
        using JsonDocument json = JsonDocument.Parse((await Run.OfAsync("schema", "graph", file, "--json")).Output);
        Assert.Equal("group", json.RootElement.GetProperty("definitions")[1].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Caveats_are_drawn_and_their_changes_shown()
    {
        const string Caveat = "caveat office(place string) {\n    place == \"a<b\" ||\n    place == \"home\"\n}\n";
        string schema = Caveat + Old.Replace("viewer: user", "viewer: user with office");
        Run dot = await Run.OfAsync("schema", "graph", _folder.File("schema.authz", schema));
        Assert.Contains("""
              "office" [shape=note label="caveat office(place string)\lplace == \"a<b\" ||\lplace == \"home\"\l"];
              "document" -> "user" [label="viewer: user with office"];
            """, dot.Output);
        Run mermaid = await Run.OfAsync("schema", "graph", _folder.File("schema.authz", schema), "--format", "mermaid");
        Assert.Contains("c0>\"caveat office(place string)<br/>place == #quot;a&lt;b#quot; ||<br/>place == #quot;home#quot;\"]", mermaid.Output);

        string old = _folder.File("old.authz", schema);
        string next = _folder.File("new.authz", schema.Replace(" ||\n    place == \"home\"", ""));
        Assert.Equal((0, """
            ! caveat `office` becomes `place == "a<b" || place == "home"`, was `place == "a<b"` widens authority: it holds whenever it held, and more often
            1 change, 1 widen authority, 0 may

            """), await Outcome(Run.OfAsync("schema", "diff", next, old)));
        using JsonDocument json = JsonDocument.Parse((await Run.OfAsync("schema", "diff", old, next, "--json")).Output);
        JsonElement change = Assert.Single(json.RootElement.GetProperty("changes").EnumerateArray());
        Assert.Equal(("CaveatExpressionChanged", "office", "no"), (change.GetProperty("kind").GetString(), change.GetProperty("definition").GetString(), change.GetProperty("widening").GetString()));
    }

    private Task<Run> DiffAsync(string now, params string[] options) =>
        Run.OfAsync(["schema", "diff", _folder.File("old.authz", Old), _folder.File("new.authz", now), .. options]);

    private static async Task<(int, string)> Outcome(Task<Run> run) => ((await run).Exit, (await run).Output);
}
