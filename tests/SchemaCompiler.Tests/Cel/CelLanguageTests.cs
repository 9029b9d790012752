using AuthzGraph.SchemaCompiler.Cel;

namespace AuthzGraph.SchemaCompiler.Tests.Cel;

/// <summary>What the compiler accepts, what it says, and where it stops.</summary>
public sealed class CelLanguageTests
{
    [Theory]
    [InlineData("1 + 2 * 3 - 4 / 2 % 2", "7")]
    [InlineData("1 + 2 == 3 && !(2 > 3) || false", "true")]
    [InlineData("true || false && false", "true")]
    [InlineData("false ? 1 : true ? 2 : 3", "2")]
    [InlineData("5-3 - -2", "4")]
    [InlineData("1 // one\n + 2", "3")]
    [InlineData("[1, 2,]", "[1, 2]")]
    [InlineData("{'a': 1,}", "{\"a\": 1}")]
    [InlineData("0x1F + 1", "32")]
    [InlineData(".5 + 1e1", "10.5")]
    public void Expressions_are_read_as_in_CEL(string expression, string value) => Assert.Equal(value, CelText.Evaluate(expression));

    [Theory]
    [InlineData("a ==", "4: expected a value, found the end")]
    [InlineData("a = 1", "2: unexpected character `=`")]
    [InlineData("(a", "2: expected `)`, found the end")]
    [InlineData("[1, 2", "5: expected `,` or `]`, found the end")]
    [InlineData("{1 2}", "3: expected `:`, found `2`")]
    [InlineData("a b", "2: expected an operator or the end, found `b`")]
    [InlineData("'abc", "0: this text is not closed")]
    [InlineData("'a\nb'", "0: this text is not closed")]
    [InlineData(@"'\q'", "1: `\\q` is not an escape")]
    [InlineData(@"'\ud800'", "1: this escape is no character of Unicode")]
    [InlineData(@"'\x4'", "1: this escape needs 2 hexadecimal digits")]
    [InlineData(@"b'\u0041'", "2: `\\u` is not an escape of bytes")]
    [InlineData("12ab", "0: `12a` is not a number")]
    [InlineData("9223372036854775808", "0: `9223372036854775808` does not fit an int; a `u` makes it a uint")]
    [InlineData("1e999", "0: `1e999` does not fit a double")]
    [InlineData("while", "0: `while` is a reserved word")]
    [InlineData("a.?b", "2: optional selection is not part of caveats")]
    [InlineData("[?a]", "1: optional elements are not part of caveats")]
    [InlineData("a{b: 1}", "1: messages are not part of caveats")]
    [InlineData("a ? b", "5: expected `:`, found the end")]
    [InlineData("", "0: expected a value, found the end")]
    [InlineData("f(1,)", "4: expected a value, found `)`")]
    public void What_is_no_expression_is_refused_where_it_goes_wrong(string expression, string error) =>
        Assert.Equal(error, CelText.Errors(expression, "a int, b int"));

    [Theory]
    [InlineData("n + s", "2: `+` is not defined for int and string")]
    [InlineData("n == s", "2: an int never equals a string")]
    [InlineData("n == u", "")]
    [InlineData("n in tags", "2: an int is never in a list<string>")]
    [InlineData("s in n", "5: an int has no elements")]
    [InlineData("n && true", "0: a side of `&&` is an int, and must be a bool")]
    [InlineData("n ? 1 : 2", "0: what stands before `?` is an int, and must be a bool")]
    [InlineData("true ? 1 : 'a'", "11: one side of `:` is an int and the other a string")]
    [InlineData("s.size() > 'a'", "9: `>` is not defined for int and string")]
    [InlineData("who == 1", "0: there is no parameter `who`")]
    [InlineData("now()", "0: there is no function `now`")]
    [InlineData("s.shout()", "2: there is no method `shout`")]
    [InlineData("tags.all(t, t > 1)", "14: `>` is not defined for string and int")]
    [InlineData("tags.all(t, t)", "12: the test of `all` is a string, and must be a bool")]
    [InlineData("tags.all(1, true)", "9: `all` needs a name for each element first")]
    [InlineData("has(s)", "4: `has` asks for a field")]
    [InlineData("has(s.x)", "4: a string has no fields")]
    [InlineData("s.x", "0: a string has no field `x`")]
    [InlineData("tags['a']", "5: a string cannot be an index of a list<string>")]
    [InlineData("attributes[1]", "11: an int cannot be an index of a map<int>")]
    [InlineData("attributes.x + 'a'", "13: `+` is not defined for int and string")]
    [InlineData("{1.5: 1}", "1: a double cannot be a key of a map")]
    [InlineData("ip.in_cidr(n)", "3: `in_cidr` is not defined for ipaddress and int")]
    [InlineData("n == s || who == u", "2: an int never equals a string\n10: there is no parameter `who`")]
    [InlineData("anything + 1 == anything.x.y[0]", "")]
    [InlineData("-u == 1u", "0: `-` is not defined for uint")]
    [InlineData("n == null", "2: an int never equals a null_type")]
    public void Types_are_checked_against_the_parameters(string expression, string errors) => Assert.Equal(
        errors, CelText.Errors(expression, "n int, u uint, s string, tags list<string>, attributes map<int>, ip ipaddress, anything any"));

    [Theory]
    [InlineData("n > 1", "bool", "n")]
    [InlineData("n", "int", "n")]
    [InlineData("tags.map(t, size(t))", "list<int>", "tags")]
    [InlineData("tags.filter(t, true)", "list<string>", "tags")]
    [InlineData("anything", "any", "anything")]
    [InlineData("anything + 1", "int", "anything")]
    [InlineData("{'a': n, 'b': 2}", "map<int>", "n")]
    [InlineData("tags.exists(n, n == 'x')", "bool", "tags")]
    [InlineData("true || n > 1", "bool", "n")]
    public void A_program_tells_its_type_and_what_it_uses(string expression, string type, string used)
    {
        CelProgram program = CelText.Compile(expression, "n int, tags list<string>, anything any");
        string[] names = new string[program.Used.Count];
        program.Used.CopyNames(program.Variables, names);
        Assert.Equal((type, used), (program.Type.ToString(), string.Join(", ", names)));
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("!", "")]
    [InlineData("- ", "")]
    [InlineData("size([", "])")]
    [InlineData("{1: ", "}")]
    [InlineData("true ? 1 : ", "")]
    [InlineData("", " + 1")]
    [InlineData("", "[0]")]
    [InlineData("", ".x")]
    [InlineData("x.map(y, ", ")")]
    public void Nesting_has_a_limit_and_no_depth_breaks_the_stack(string open, string close)
    {
        const int times = 100_000;
        int fits = Math.Min(times, CelLimits.SourceCharacters / (open.Length + close.Length) - 1);
        string text = string.Concat(Enumerable.Repeat(open, fits)) + "x" + string.Concat(Enumerable.Repeat(close, fits));
        Assert.Contains("deeper than", CelText.Errors(text, "x any"));
    }

    [Fact]
    public void Chains_of_and_and_or_do_not_nest() =>
        Assert.Equal("true", CelText.Evaluate(string.Join(" || ", Enumerable.Repeat("x == 1", 10_000)), "x int", """{"x": 1}"""));

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "][0]")]
    [InlineData("!!", "")]
    [InlineData("{1: ", "}[1]")]
    [InlineData("true ? (", ") : x")]
    [InlineData("x || (", ")")]
    [InlineData("", " == x")]
    [InlineData("dyn(", ")")]
    public void Nesting_up_to_the_limit_works_on_a_small_stack(string open, string close)
    {
        string text = "x";
        CelProgram? program = null;
        OnStackOf(512, () =>
        {
            while (CelCompiler.Compile(open + text + close, CelText.Variables("x bool")).Program is { } deeper) (text, program) = (open + text + close, deeper);
        });
        Assert.InRange(text.Length, 80 * (open.Length + close.Length), CelLimits.SourceCharacters);
        OnStackOf(256, () => Assert.Equal("true", program?.Evaluate(CelText.Bind(program, """{"x": true}"""), CelLimits.Default).ToString()));
    }

    private static void OnStackOf(int kilobytes, Action act)
    {
        Exception? failure = null;
        Thread thread = new(() => failure = Record.Exception(act), kilobytes * 1024);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    [Fact]
    public void An_expression_that_is_too_long_is_refused() =>
        Assert.Contains("at most 100000 characters", CelText.Errors(new string(' ', CelLimits.SourceCharacters) + "1"));
}
