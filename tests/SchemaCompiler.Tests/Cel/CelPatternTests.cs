using AuthzGraph.SchemaCompiler.Cel;

namespace AuthzGraph.SchemaCompiler.Tests.Cel;

/// <summary><c>matches</c> speaks RE2: what the framework's engine would read otherwise is translated or refused.</summary>
public sealed class CelPatternTests
{
    [Theory]
    [InlineData("^a+$", "aaa", true)]
    [InlineData("^a+$", "aaa\n", false)]
    [InlineData("(?m)^b$", "a\nb\nc", true)]
    [InlineData("^b$", "a\nb\nc", false)]
    [InlineData("b", "abc", true)]
    [InlineData("^.$", "\U0001F431", true)]
    [InlineData("^[^a]$", "\U0001F431", true)]
    [InlineData("^[\U0001F430-\U0001F432]$", "\U0001F431", true)]
    [InlineData("^[\U0001F430-\U0001F432]$", "\U0001F433", false)]
    [InlineData("^\U0001F431{2}$", "\U0001F431\U0001F431", true)]
    [InlineData("^.$", "\n", false)]
    [InlineData("(?s)^.$", "\n", true)]
    [InlineData(@"^\d$", "٣", false)]
    [InlineData(@"^\w$", "é", false)]
    [InlineData(@"^\W$", "é", true)]
    [InlineData(@"^\s$", "\u00a0", false)]
    [InlineData(@"^\s$", "\v", false)]
    [InlineData("^[[:alpha:][:digit:]]+$", "aZ9", true)]
    [InlineData("^[[:^alpha:]]+$", "a", false)]
    [InlineData("(?i)^[^a]$", "A", false)]
    [InlineData("(?i)^abc$", "aBC", true)]
    [InlineData("^a(?i)b$", "aB", true)]
    [InlineData("^(a(?i)b)c$", "aBC", false)]
    [InlineData("^(?i:a)b$", "AB", false)]
    [InlineData(@"^\Qa.b\E$", "a.b", true)]
    [InlineData(@"^\Qa.b\E$", "axb", false)]
    [InlineData(@"^\x41\x{42}\103$", "ABC", true)]
    [InlineData("^(?P<x>a)(?<y>b)$", "ab", true)]
    [InlineData("^a{2,3}?$", "aaa", true)]
    [InlineData("^a{,3}$", "a{,3}", true)]
    [InlineData("^[]a]+$", "]a", true)]
    [InlineData("^[a-]+$", "-", true)]
    [InlineData("^[[:]+$", "[:", true)]
    [InlineData("^(|a)$", "", true)]
    [InlineData("#x y", "#x y", true)]
    public void A_pattern_means_what_it_means_in_RE2(string pattern, string text, bool matches)
    {
        CelProgram program = CelText.Compile("text.matches(pattern)", "text string, pattern string");
        string context = System.Text.Json.JsonSerializer.Serialize(new { text, pattern });
        Assert.Equal(matches ? "true" : "false", CelText.Show(program, program.Evaluate(CelText.Bind(program, context), CelLimits.Default)));
    }

    [Theory]
    [InlineData(@"(a)\1", "references to groups are not part of RE2")]
    [InlineData("a(?=b)", "a group of this kind is not part of RE2")]
    [InlineData("(?<!a)b", "a group of this kind is not part of RE2")]
    [InlineData("(?>a)", "a group of this kind is not part of RE2")]
    [InlineData("(?(a)b|c)", "a group of this kind is not part of RE2")]
    [InlineData("a**", "a repetition is repeated without a group")]
    [InlineData("*a", "a repetition has nothing to repeat")]
    [InlineData("(a", "a group is not closed")]
    [InlineData("a)", "a `)` closes nothing")]
    [InlineData("[a", "a class is not closed")]
    [InlineData("[b-a]", "a range of a class is backwards")]
    [InlineData(@"\bword\b", "`\\b` and `\\B` are not supported: write out which characters may stand there")]
    [InlineData(@"\p{Greek}", "`\\p` is not supported: write out the ranges of characters")]
    [InlineData(@"[\PL]", "`\\P` is not supported: write out the ranges of characters")]
    [InlineData(@"\Z", "`\\Z` is not supported")]
    [InlineData("a{1001}", "a repetition has impossible bounds")]
    [InlineData("(a{50}){50}", "it repeats more than 1000 times")]
    [InlineData("(abc){999}", "it is too big")]
    public void What_is_not_RE2_is_refused(string pattern, string why)
    {
        string literal = pattern.Replace(@"\", @"\\");
        Assert.EndsWith($"is no pattern: {why}", CelText.Errors($"'x'.matches('{literal}')"));
    }

    [Fact]
    public void A_bad_pattern_that_is_computed_is_an_error_of_the_evaluation() =>
        Assert.Equal("error: `(` is no pattern: a group is not closed", CelText.Evaluate("'x'.matches(p)", "p string", """{"p": "("}"""));

    [Fact]
    public void A_pattern_that_backtracks_elsewhere_is_linear_here()
    {
        string text = new('a', 100_000);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal("false", CelText.Evaluate("x.matches('^(a+)+$') && x.matches('(a*)*b')", "x string", $$"""{"x": "{{text}}b"}"""));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"it took {clock.Elapsed}");
    }
}
