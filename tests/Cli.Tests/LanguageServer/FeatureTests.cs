using System.Text.Json;

namespace AuthzGraph.Cli.Tests.LanguageServer;

/// <summary>What an editor is told about its documents. One command serves all scenarios of the class.</summary>
public sealed class FeatureTests : IAsyncLifetime
{
    private const string Uri = MarkedDocument.Uri;
    private readonly Editor _editor = Editor.Ready();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _editor.DisposeAsync();

    [Fact]
    public void Mistakes_are_shown_while_they_are_there()
    {
        MarkedDocument wrong = MarkedDocument.Of("definition user {}\ndefinition doc {\n\trelation owner: user\n\tpermission view = [ownr] + owner\n}");
        JsonElement mistake = Assert.Single(_editor.Open(Uri, wrong.Text).EnumerateArray());
        Assert.Equal(wrong.Marks(), MarkedDocument.Show([mistake]));
        Assert.Equal(("AZ0202", 1, "authzgraph"), (mistake.GetProperty("code").GetString(), mistake.GetProperty("severity").GetInt32(), mistake.GetProperty("source").GetString()));
        Assert.Equal("`doc` has no relation or permission `ownr`\nhelp: did you mean `owner`?", mistake.GetProperty("message").GetString());
        _editor.Change(Uri, 2, wrong.Text.Replace("ownr", "nil"));
        Assert.Empty(_editor.Diagnostics(Uri, 2).EnumerateArray());
    }

    [Fact]
    public void What_is_never_used_is_faded()
    {
        MarkedDocument unused = MarkedDocument.Of("caveat [night](hour int) { hour > 20 }");
        JsonElement warning = Assert.Single(_editor.Open(Uri, unused.Text).EnumerateArray());
        Assert.Equal(("AZ0550", 2, "[1]"), (warning.GetProperty("code").GetString(), warning.GetProperty("severity").GetInt32(), warning.GetProperty("tags").GetRawText()));
        Assert.Equal(unused.Marks(), MarkedDocument.Show([warning]));
    }

    [Fact]
    public void Of_fast_typing_the_last_state_is_checked()
    {
        _editor.Open(Uri, "");
        for (int version = 2; version <= 200; version++) _editor.Change(Uri, version, $"definition user_{version} {{");
        Assert.Contains("AZ0104", _editor.Diagnostics(Uri, 200).GetRawText());
    }

    [Fact]
    public void Documents_are_kept_apart_and_a_closed_one_has_no_mistakes()
    {
        const string Other = "file:///other.zed";
        Assert.Equal(1, _editor.Open(Uri, "definition doc { relation owner: user }").GetArrayLength());
        Assert.Empty(_editor.Open(Other, "definition user {}").EnumerateArray());
        _editor.Tell("textDocument/didClose", new { textDocument = new { uri = Uri } });
        Assert.Empty(_editor.Diagnostics(Uri, null).EnumerateArray());
        Assert.Equal(-32602, Code(_editor.Answer("textDocument/documentSymbol", new { textDocument = new { uri = Uri } })));
        Assert.Equal(1, _editor.Ask("textDocument/documentSymbol", new { textDocument = new { uri = Other } }).GetArrayLength());
    }

    [Fact]
    public void A_permission_is_shown_with_who_can_have_it()
    {
        MarkedDocument document = MarkedDocument.Of("definition user {}\ndefinition doc {\n relation owner: user\n // May read.\n permission [vi‸ew] = owner\n}");
        _editor.Open(Uri, document.Text);
        JsonElement hover = _editor.Ask("textDocument/hover", document.Place());
        Assert.Equal("{\"kind\":\"markdown\",\"value\":\"```authzgraph\\n// definition doc\\npermission view = owner\\n```\\n\\nMay read.\\n\\nSubjects that can have it: `user`\"}",
            hover.GetProperty("contents").GetRawText());
        Assert.Equal(document.Marks(), MarkedDocument.Show([hover]));
    }

    [Theory]
    [InlineData("definition doc { permission view = [vi‸wer] }", "AZ0202", "The definition has no such rela")]
    [InlineData("// spicedb-ignore-warning: [AZ03‸53]\ndefinition user {}", "AZ0353", "an arrow to another definition")]
    public void A_diagnostics_code_is_explained(string marked, string code, string explained)
    {
        MarkedDocument document = MarkedDocument.Of(marked);
        _editor.Open(Uri, document.Text);
        JsonElement hover = _editor.Ask("textDocument/hover", document.Place());
        string text = hover.GetProperty("contents").GetProperty("value").GetString() ?? "";
        Assert.StartsWith(code, text);
        Assert.Contains(explained, text);
        Assert.Equal(document.Marks(), MarkedDocument.Show([hover]));
    }

    [Theory]
    [InlineData("textDocument/definition", "definition [user] {}\ndefinition doc { relation owner: us‸er }")]
    [InlineData("textDocument/definition", "definition folder { permission [view] = nil }\r\ndefinition org {\r\n permission [view] = nil }\r\ndefinition doc { relation parent: folder | org; permission see = parent->vi‸ew }")]
    [InlineData("textDocument/definition", "definition doc { relation owner: us‸er }")]
    public void A_name_leads_to_its_declarations(string method, string marked)
    {
        MarkedDocument document = MarkedDocument.Of(marked);
        _editor.Open(Uri, document.Text);
        Assert.Equal(document.Marks(), MarkedDocument.Show(_editor.Ask(method, document.Place()).EnumerateArray()));
    }

    [Theory]
    [InlineData(true, "definition [user] {}\ndefinition doc { relation owner: [us‸er] | [user]:* }")]
    [InlineData(false, "definition us‸er {}\ndefinition doc { relation owner: [user] | [user]:* }")]
    public void A_name_leads_to_its_uses(bool includeDeclaration, string marked)
    {
        MarkedDocument document = MarkedDocument.Of(marked);
        _editor.Open(Uri, document.Text);
        JsonElement found = _editor.Ask("textDocument/references", new { textDocument = new { uri = Uri }, position = document.Position(document.Cursor), context = new { includeDeclaration } });
        Assert.Equal(document.Marks(), MarkedDocument.Show(found.EnumerateArray()));
    }

    [Fact]
    public void Completions_replace_the_word_that_is_there()
    {
        MarkedDocument document = MarkedDocument.Of("definition folder { permission view = nil }\ndefinition doc {\n relation parent: folder\n permission see = parent->[vi‸]\n}");
        _editor.Open(Uri, document.Text);
        JsonElement item = Assert.Single(_editor.Ask("textDocument/completion", document.Place()).EnumerateArray());
        Assert.Equal(("view", 2, "on folder"), (item.GetProperty("label").GetString(), item.GetProperty("kind").GetInt32(), item.GetProperty("detail").GetString()));
        Assert.Equal(document.Marks(), MarkedDocument.Show([item.GetProperty("textEdit")]));
    }

    [Fact]
    public void The_outline_shows_definitions_with_their_members()
    {
        _editor.Open(Uri, "use delegation\ndefinition robot {\n principal agent\n relation sponsor: robot\n permission run = sponsor\n}\ncaveat night(hour int) { hour > 20 }\n");
        JsonElement[] symbols = [.. _editor.Ask("textDocument/documentSymbol", new { textDocument = new { uri = Uri } }).EnumerateArray()];
        Assert.Equal(["robot 5 principal agent 1:0-5:1 1:11-1:16", "night 12 (hour int) 6:0-6:36 6:7-6:12"], symbols.Select(Show));
        Assert.Equal(["sponsor 8 robot 3:1-3:24 3:10-3:17", "run 6 sponsor 4:1-4:25 4:12-4:15"], symbols[0].GetProperty("children").EnumerateArray().Select(Show));
    }

    [Fact]
    public void Renaming_changes_every_use()
    {
        MarkedDocument document = MarkedDocument.Of("definition doc {\n relation [owner]: doc\n permission view = [own‸er]\n permission edit = [owner] & view\n}");
        _editor.Open(Uri, document.Text);
        JsonElement prepared = _editor.Ask("textDocument/prepareRename", document.Place());
        Assert.Equal("owner", prepared.GetProperty("placeholder").GetString());
        JsonElement edit = _editor.Ask("textDocument/rename", new { textDocument = new { uri = Uri }, position = document.Position(document.Cursor), newName = "holder" });
        JsonElement[] changes = [.. edit.GetProperty("changes").GetProperty(Uri).EnumerateArray()];
        Assert.Equal(document.Marks(), MarkedDocument.Show(changes));
        Assert.All(changes, change => Assert.Equal("holder", change.GetProperty("newText").GetString()));
    }

    [Fact]
    public void What_cannot_be_renamed_says_why()
    {
        MarkedDocument document = MarkedDocument.Of("use delegation\ndefinition user { principal human; relation suspended_‸by: user; relation friend: user }");
        _editor.Open(Uri, document.Text);
        JsonElement refused = _editor.Answer("textDocument/prepareRename", document.Place());
        Assert.Equal((-32803, "a role fixes the name of `user#suspended_by`"), (Code(refused), refused.GetProperty("error").GetProperty("message").GetString()));
        JsonElement taken = _editor.Answer("textDocument/rename", new { textDocument = new { uri = Uri }, position = document.Position(document.Text.IndexOf("friend", StringComparison.Ordinal)), newName = "suspended_by" });
        Assert.Equal(-32803, Code(taken));
        Assert.Equal(JsonValueKind.Null, _editor.Ask("textDocument/prepareRename", new { textDocument = new { uri = Uri }, position = document.Position(0) }).ValueKind);
    }

    [Fact]
    public void Formatting_replaces_the_lines_that_change()
    {
        const string Loose = "definition user {}\n\ndefinition doc {\n    relation owner:user\n    permission view = owner\n}\n";
        _editor.Open(Uri, Loose);
        JsonElement edit = Assert.Single(Format().EnumerateArray());
        Assert.Equal(("3:0-4:0", "    relation owner: user\n"), (MarkedDocument.Show([edit]), edit.GetProperty("newText").GetString()));
        _editor.Change(Uri, 2, Loose.Replace(":user", ": user"));
        Assert.Empty(Format().EnumerateArray());
        _editor.Change(Uri, 3, "definition doc {");
        Assert.Equal(JsonValueKind.Null, Format().ValueKind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Positions_are_counted_in_the_unit_that_was_agreed_on(bool utf8)
    {
        await using Editor editor = Editor.Ready(utf8 ? ["utf-8"] : []);
        MarkedDocument document = MarkedDocument.Of("definition [user] {}\ndefinition doc { /* é😀 */ relation owner: [us‸er]; /* 漢 */ relation friend: [user] }");
        editor.Open(Uri, document.Text);
        JsonElement found = editor.Ask("textDocument/references", new { textDocument = new { uri = Uri }, position = document.Position(document.Cursor, utf8), context = new { includeDeclaration = true } });
        Assert.Equal(document.Marks(utf8), MarkedDocument.Show(found.EnumerateArray()));
    }

    [Theory]
    [InlineData(0, 10_000)]
    [InlineData(10_000, 0)]
    [InlineData(-1, -1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void A_place_outside_the_text_is_the_nearest_one_within(int line, int character)
    {
        _editor.Open(Uri, "definition user");
        foreach (string method in new[] { "hover", "definition", "completion", "prepareRename" })
            _editor.Ask($"textDocument/{method}", new { textDocument = new { uri = Uri }, position = new { line, character } });
    }

    private JsonElement Format() =>
        _editor.Ask("textDocument/formatting", new { textDocument = new { uri = Uri }, options = new { tabSize = 8, insertSpaces = false } });

    private static string Show(JsonElement symbol) =>
        $"{symbol.GetProperty("name")} {symbol.GetProperty("kind")} {symbol.GetProperty("detail")} {MarkedDocument.Show([symbol])} {MarkedDocument.Show([symbol.GetProperty("selectionRange")])}";

    private static int Code(JsonElement answer) => answer.GetProperty("error").GetProperty("code").GetInt32();
}
