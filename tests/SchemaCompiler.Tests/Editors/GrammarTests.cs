using System.Text.Json;
using System.Text.RegularExpressions;

namespace AuthzGraph.SchemaCompiler.Tests.Editors;

/// <summary>Holds editors/ to the language: what an editor colours, and how.</summary>
public sealed class GrammarTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "editors", "vscode");
    private static readonly TextMateGrammar Grammar = TextMateGrammar.Load(Path.Combine(Folder, "syntaxes", "authzgraph.tmLanguage.json"));

    [Theory]
    [InlineData("use expiration", "use=keyword.control.use expiration=constant.language.flag")]
    [InlineData("use expirations", "use=keyword.control.use expirations=invalid.illegal.flag")]
    [InlineData("import \"./teams.zed\"", "import=keyword.control.import \"./teams.zed\"=string.quoted.double")]
    [InlineData("definition acme/user {}", "definition=keyword.declaration.definition acme/user=entity.name.type.definition {=punctuation.section.block.begin }=punctuation.section.block.end")]
    [InlineData("partial shared {}", "partial=keyword.declaration.definition shared=entity.name.type.definition {=punctuation.section.block.begin }=punctuation.section.block.end")]
    [InlineData("// a // b", "// a // b=comment.line.double-slash")]
    [InlineData("/* relation\n */", "/* relation\n */=comment.block")]
    [InlineData("/** what it is */", "/** what it is */=comment.block.documentation")]
    public void The_top_level_is_coloured(string text, string expected) => Assert.Equal(expected, Coloured(text));

    [Theory]
    [InlineData("relation viewer: user | user:* | team#member | user#...",
        "relation=keyword.declaration.relation viewer=entity.name.variable.relation :=punctuation.separator.types user=entity.name.type |=keyword.operator.alternative "
        + "user=entity.name.type :*=constant.language.wildcard |=keyword.operator.alternative team=entity.name.type #=punctuation.separator.userset member=variable.other.relation "
        + "|=keyword.operator.alternative user=entity.name.type #=punctuation.separator.userset ...=constant.language.ellipsis")]
    [InlineData("relation viewer: user with night and expiration // until",
        "relation=keyword.declaration.relation viewer=entity.name.variable.relation :=punctuation.separator.types user=entity.name.type with=keyword.other.with "
        + "night=entity.name.function.caveat and=keyword.other.with expiration=keyword.other.trait // until=comment.line.double-slash")]
    [InlineData("permission view = (editor + folder->view & nil) - self",
        "permission=keyword.declaration.permission view=entity.name.function.permission ==keyword.operator.assignment (=punctuation.section.parens.begin editor=variable.other.relation "
        + "+=keyword.operator.set folder=variable.other.relation ->=keyword.operator.arrow view=variable.other.member &=keyword.operator.set nil=constant.language.nil "
        + ")=punctuation.section.parens.end -=keyword.operator.set self=variable.language.self")]
    [InlineData("permission view = teams.all(member)\n permission edit = teams.any(lead)",
        "permission=keyword.declaration.permission view=entity.name.function.permission ==keyword.operator.assignment teams=variable.other.relation .=keyword.operator.arrow "
        + "all=support.function.arrow (=punctuation.section.parens.begin member=variable.other.member )=punctuation.section.parens.end "
        + "permission=keyword.declaration.permission edit=entity.name.function.permission ==keyword.operator.assignment teams=variable.other.relation .=keyword.operator.arrow "
        + "any=support.function.arrow (=punctuation.section.parens.begin lead=variable.other.member )=punctuation.section.parens.end")]
    [InlineData("permission view: user | team = a_list +\n b_list",
        "permission=keyword.declaration.permission view=entity.name.function.permission :=punctuation.separator.types user=entity.name.type |=keyword.operator.alternative team=entity.name.type "
        + "==keyword.operator.assignment a_list=variable.other.relation +=keyword.operator.set b_list=variable.other.relation")]
    [InlineData("relation task: task\n task\n delegation // a hop",
        "relation=keyword.declaration.relation task=entity.name.variable.relation :=punctuation.separator.types task=entity.name.type "
        + "task=keyword.control.clause delegation=keyword.control.clause // a hop=comment.line.double-slash")]
    [InlineData("principal agent; domain data", "principal=keyword.control.clause agent=constant.language.principal ;=punctuation.terminator domain=keyword.control.clause data=constant.language.domain")]
    [InlineData("principal robot", "principal=keyword.control.clause robot=invalid.illegal.principal")]
    [InlineData("within parent, folder\n autonomous view",
        "within=keyword.control.clause parent=variable.other.relation ,=punctuation.separator.names folder=variable.other.relation autonomous=keyword.control.clause view=variable.other.relation")]
    [InlineData("delegable view, approval max hops 2 max ttl 10m approval owner",
        "delegable=keyword.control.clause view=variable.other.relation ,=punctuation.separator.names approval=variable.other.relation max=keyword.other.option hops=keyword.other.option "
        + "2=constant.numeric.hops max=keyword.other.option ttl=keyword.other.option 10m=constant.numeric.duration approval=keyword.other.option owner=variable.other.relation")]
    [InlineData("delegable * approval owner", "delegable=keyword.control.clause *=constant.language.wildcard approval=keyword.other.option owner=variable.other.relation")]
    [InlineData("...shared", "...=keyword.operator.splat shared=entity.name.type.partial")]
    public void Members_are_coloured(string members, string expected)
    {
        const string Begin = "definition=keyword.declaration.definition doc=entity.name.type.definition {=punctuation.section.block.begin ";
        Assert.Equal($"{Begin}{expected} }}=punctuation.section.block.end", Coloured($"definition doc {{\n {members}\n}}"));
    }

    [Fact]
    public void Caveats_are_coloured_with_the_expression_inside() => Assert.Equal(
        "caveat=keyword.declaration.caveat night=entity.name.function.caveat (=punctuation.section.parens.begin hour=variable.parameter int=storage.type.parameter ,=punctuation.separator.parameters "
        + "int=variable.parameter list=storage.type.parameter <=punctuation.section.generic string=storage.type.parameter >=punctuation.section.generic )=punctuation.section.parens.end "
        + "{=punctuation.section.block.begin hour=variable.other.cel >==keyword.operator.cel 22=constant.numeric.cel &&=keyword.operator.cel !=keyword.operator.cel (=meta.embedded.cel "
        + "\"}=string.quoted.double \\\"=constant.character.escape \"=string.quoted.double in=keyword.operator.word.cel int=variable.other.cel )=meta.embedded.cel ||=keyword.operator.cel "
        + "int=variable.other.cel .=meta.embedded.cel all=support.function.macro.cel (=meta.embedded.cel // each=comment.line.double-slash x=variable.other.cel ,=meta.embedded.cel "
        + "size=entity.name.function.call.cel (=meta.embedded.cel x=variable.other.cel )=meta.embedded.cel ===keyword.operator.cel true=constant.language.cel )=meta.embedded.cel "
        + "}=punctuation.section.block.end definition=keyword.declaration.definition user=entity.name.type.definition {=punctuation.section.block.begin }=punctuation.section.block.end",
        Coloured("caveat night(hour int, int list<string>) {\n hour >= 22 && !(\"}\\\"\" in int) || int.all( // each\n x, size(x) == true)\n}\ndefinition user {}"));

    public static TheoryData<string> Schemas => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "schemas"), "*.authz", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Every_word_of_our_own_schemas_has_a_colour_and_none_is_invalid(string path) => Covers(File.ReadAllText(Path.Combine(Repository.Root, path)));

    [Fact]
    public void So_has_every_word_of_the_example_of_delegation() => Covers(Samples.Delegation);

    [Fact]
    public void Expressions_keep_to_what_every_engine_reads()
    {
        Assert.True(Grammar.AllExpressions.Count() > 50);
        Assert.All(Grammar.AllExpressions, pattern => Assert.DoesNotMatch(@"\(\?<[A-Za-z]|\(\?P|\\[hHGKRX]|\(\?[imsx]+\)|[*+?}]\+", pattern));
    }

    [Fact]
    public void The_extension_names_files_that_are_there()
    {
        JsonElement contributes = Json("package.json").GetProperty("contributes");
        JsonElement language = Assert.Single(contributes.GetProperty("languages").EnumerateArray());
        JsonElement grammar = Assert.Single(contributes.GetProperty("grammars").EnumerateArray());
        Assert.Equal([".authz", ".zed"], language.GetProperty("extensions").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal("//", Json(language.GetProperty("configuration").GetString() ?? "").GetProperty("comments").GetProperty("lineComment").GetString());
        Assert.Equal(grammar.GetProperty("scopeName").GetString(), Json(grammar.GetProperty("path").GetString() ?? "").GetProperty("scopeName").GetString());
        Assert.Equal(language.GetProperty("id").GetString(), grammar.GetProperty("language").GetString());
    }

    private static JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file))).RootElement;

    private static string Coloured(string text) =>
        string.Join(' ', Grammar.Tokenize(text).Select(p => $"{p.Text}={p.Scope?.Replace(".authzgraph", "")}"));

    private static void Covers(string schema)
    {
        List<TextMateGrammar.Piece> pieces = Grammar.Tokenize(schema);
        Assert.True(pieces.Count > 20);
        Assert.Equal([], pieces.Where(p => p.Scope is null || p.Scope.StartsWith("invalid")));
        Assert.Equal(Regex.Count(schema, @"^\s*(relation|permission) ", RegexOptions.Multiline),
            pieces.Count(p => p.Scope is "keyword.declaration.relation.authzgraph" or "keyword.declaration.permission.authzgraph"));
    }
}
