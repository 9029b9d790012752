namespace AuthzGraph.SchemaCompiler.Tests;

public class CaveatTests
{
    private const string Weekday = "caveat weekday(day string) { day != 'sunday' }\n";

    [Fact]
    public void A_caveat_has_its_name_parameters_and_text()
    {
        CompiledSchema schema = Compiled("caveat acme/Rules_2(\n  amounts list<map<int>>,\n  limit int\n)\n{ amounts[0]['usd'] < limit }\ndefinition user {}");
        Caveat caveat = Assert.Single(schema.Caveats);

        Assert.Equal("acme/Rules_2", caveat.Name);
        Assert.Equal(["amounts list<map<int>>", "limit int"], caveat.Parameters.Select(p => $"{p.Name} {p.Type}"));
        Assert.Equal("amounts[0]['usd'] < limit", caveat.Expression);
        Assert.Same(caveat, schema.FindCaveat("acme/Rules_2"));
        Assert.Same(caveat, schema[caveat.Id]);
        Assert.Null(schema.FindCaveat("rules"));
    }

    [Fact]
    public void Braces_quotes_and_comments_do_not_end_an_expression_early()
    {
        CompiledSchema schema = Compiled(
            """"
            caveat odd(text string) {
                text != "}" && text != '\'}' && text != r'\' && {'a': text}['a'] != """
                } " """  // a comment with } and '
            }
            caveat next(text string) { text == '}' }
            definition user {}
            """");
        Assert.Equal(2, schema.Caveats.Length);
        Assert.EndsWith("// a comment with } and '", schema.Caveats[0].Expression);
    }

    [Fact]
    public void Each_way_a_relation_lists_a_subject_is_a_trait_of_one_edge_type()
    {
        CompiledSchema schema = Compiled(
            $"use expiration\n{Weekday}definition user {{ relation friend: user | user with weekday | user with weekday and expiration | user:* with expiration }}");
        EdgeType plain = schema.EdgeTypes[0];
        EdgeType wildcard = schema.EdgeTypes[1];
        CaveatId weekday = schema.Caveats[0].Id;

        Assert.Equal(2, schema.EdgeTypes.Length);
        Assert.True(plain.Allows(null, false) && plain.Allows(weekday, false) && plain.Allows(weekday, true));
        Assert.False(plain.Allows(null, true));
        Assert.True(plain.AllowsEndless);
        Assert.False(plain.AllowsExpiring);
        Assert.Equal(new EdgeTrait(null, true), Assert.Single(wildcard.Traits));
    }

    [Theory]
    [InlineData("AZ0501", "caveat aaa(num int) { num [+] 'a' == 2 }")]
    [InlineData("AZ0502", "caveat aaa(num int) { [num + 1] }")]
    [InlineData("AZ0503", "caveat aaa([num] int, text string) { text == '' }")]
    [InlineData("AZ0504", "caveat aaa(num int, [num] string) { num == 1 }")]
    [InlineData("AZ0505", "caveat aaa(first [nit], second [list], third [int<string>], fourth list<[map]>) { first == second }")]
    [InlineData("AZ0506", "caveat [aaa]() { true }")]
    [InlineData("AZ0507", "caveat [éaa](num int) { num == 1 }")]
    [InlineData("AZ0508", Weekday + "definition user { relation friend: user with [weekdya] | user with weekday }")]
    [InlineData("AZ0510", "definition aaa {}\ncaveat [aaa](num int) { num == 1 }\ncaveat bbb(num int) { num == 1 }\ndefinition [bbb] {}\ncaveat ccc(num int) { num == 1 }\ncaveat [ccc](num int) { num == 1 }")]
    [InlineData("AZ0207", Weekday + "definition user { relation friend: user with weekday | [user with weekday] }")]
    [InlineData("AZ0104", "caveat aaa(num int) {[}]")]
    [InlineData("AZ0104", "caveat aaa [{] true }")]
    [InlineData("AZ0104", "caveat aaa(num int) { num == 1[]")]
    [InlineData("AZ0415", "use delegation\n" + Weekday +
        "definition user { principal human }\ndefinition bot { principal agent\n relation sponsor: [user with weekday] }\n" +
        "definition file { within parent\n relation parent: [file with weekday] }")]
    public void What_is_wrong_with_a_caveat_is_said_once(string code, string marked)
    {
        (string text, List<TextSpan> spans) = Marked.Read(marked);
        Diagnostic[] errors = [.. Compilation.Of(text).Diagnostics.Where(d => d.Severity == Severity.Error)];
        Assert.Equal(spans.Select(s => $"{code} {s}"), errors.Select(e => $"{e.Code} {e.Span}"));
    }

    [Theory]
    [InlineData("record with kept", true)]
    [InlineData("record | record with kept", true)]
    [InlineData("user with kept", false)]
    [InlineData("record", false)]
    public void Properties_of_objects_are_stored_where_the_definition_lists_itself_with_a_caveat(string listed, bool stored)
    {
        Compilation compilation = Compilation.Of(
            $"caveat kept(status string, level int) {{ true }}\ndefinition user {{ relation friend: user with kept }}\n"
            + $"definition record {{ relation properties: {listed}; relation reader: user; permission read = reader }}");
        Assert.Equal(stored ? [] : ["AZ0251"], compilation.Diagnostics.Select(d => d.Code));
        Assert.Equal(stored, compilation.Schema?.FindType("record") is { Properties: not null });
    }

    [Fact]
    public void Properties_of_agents_are_no_standing_privilege() => Assert.Empty(Compilation.Of(
        "use delegation\ncaveat kept(status string) { true }\ndefinition user { principal human }\n"
        + "definition agent { principal agent; relation sponsor: user; relation properties: agent with kept }").Diagnostics);

    [Fact]
    public void Caveats_are_welcome_on_delegates_and_on_what_is_lent() => Assert.Empty(Compilation.Of(
        "use expiration; use delegation\n" + Weekday +
        """
        definition user { principal human }
        definition bot { principal agent; relation sponsor: user }
        definition file {
            relation owner: user
            permission view = owner
            delegable view
        }
        definition grant {
            delegation
            relation delegator: user
            relation delegate: bot with weekday and expiration
            relation view: file with weekday
        }
        """).Diagnostics);

    [Fact]
    public void An_expression_may_be_4096_bytes_long_and_comments_are_free()
    {
        Assert.Empty(Expression($"text == '{new string('a', 4088)}' // {new string('a', 5000)}").Diagnostics);
        Assert.Equal("AZ0509", Assert.Single(Expression($"text == '{new string('a', 4089)}'").Diagnostics).Code);
        Assert.Equal("AZ0509", Assert.Single(Expression($"text == '' {new string(' ', 100_000)}").Diagnostics).Code);
    }

    [Fact]
    public void Parameters_are_1_to_20()
    {
        Assert.Empty(WithParameters(20).Diagnostics);
        Assert.Equal("AZ0506", Assert.Single(WithParameters(21).Diagnostics).Code);
    }

    [Fact]
    public void Types_of_parameters_that_nest_too_deep_are_refused() =>
        Assert.Equal("AZ0003", Compilation.Of(
            $"caveat aaa(num {string.Concat(Enumerable.Repeat("list<", 100_000))}int) {{ num == num }}").Diagnostics[0].Code);

    [Theory]
    [InlineData("caveat aaa( num   int ,sizes map < list<int> > ){num==1   &&sizes=={}}", "caveat aaa(num int, sizes map<list<int>>) {\n    num==1   &&sizes=={}\n}\n")]
    [InlineData("caveat aaa(num int) {\n\t\tnum == 1 &&\n\t\t  num == 2 // one\n\n\t\t// two\n\t}", "caveat aaa(num int) {\n    num == 1 &&\n      num == 2 // one\n\n    // two\n}\n")]
    [InlineData("caveat aaa(num int) { num == 1 &&\n\n        num == 2\n}", "caveat aaa(num int) {\n    num == 1 &&\n\n    num == 2\n}\n")]
    [InlineData("caveat aaa(text string) {\n  '''\n a''' ==\n  text }", "caveat aaa(text string) {\n    '''\n a''' ==\n  text\n}\n")]
    [InlineData("/* doc */\ncaveat aaa(\n num int // one\n, text string) { num == 1 } // after", "/* doc */\ncaveat aaa(num int // one\n    , text string) {\n    num == 1\n} // after\n")]
    public void A_caveat_s_text_is_kept_and_at_most_moved(string text, string canonical)
    {
        Assert.Equal(canonical, Formatted.Of(text));
        Assert.Equal(canonical, Formatted.Of(canonical));
    }

    private static Compilation Expression(string text) => Uses($"caveat aaa(text string) {{ {text}\n}}");

    private static Compilation WithParameters(int count) => Uses(
        $"caveat aaa({string.Join(", ", Enumerable.Range(0, count).Select(i => $"p{i} bool"))}) {{ {string.Join(" && ", Enumerable.Range(0, count).Select(i => $"p{i}"))} }}");

    [Fact]
    public void Without_use_expiration_a_caveat_may_have_that_name()
    {
        CompiledSchema? schema = Compilation.Of("caveat expiration(day int) { day < 7 }\ndefinition user { relation friend: user with expiration }").Schema;
        Assert.Contains("friend: user with expiration only\n", SchemaText.Of(Assert.IsType<CompiledSchema>(schema)));
        Marked.Says("AZ0110", "use expiration\ncaveat [expiration](day int) { day < 7 }\ndefinition user { relation friend: user with expiration\n permission view = friend }");
    }

    private static Compilation Uses(string caveat) => Compilation.Of($"{caveat}\ndefinition user {{ relation friend: user with aaa }}");

    private static CompiledSchema Compiled(string text)
    {
        Compilation compilation = Compilation.Of(text);
        Assert.DoesNotContain(compilation.Diagnostics, d => d.Severity == Severity.Error);
        return Assert.IsType<CompiledSchema>(compilation.Schema);
    }
}
