using System.Diagnostics;
using AuthzGraph.SchemaCompiler.Cel;

namespace AuthzGraph.SchemaCompiler.Tests.Cel;

/// <summary>No expression runs for long, and none allocates without need.</summary>
public sealed class CelLimitTests
{
    private const string Many = "[[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]].map(l, l + l + l + l + l + l)[0]";
    private const string Numbers = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, n]";

    [Theory]
    [InlineData(Numbers + ".all(a, " + Numbers + ".all(b, " + Numbers + ".all(c, " + Numbers + ".all(d, " + Numbers + ".all(e, a + b + c + d + e >= 0)))))")]
    [InlineData(Numbers + ".map(a, " + Numbers + ".map(b, " + Numbers + ".map(c, " + Numbers + ".map(d, " + Numbers + ".map(e, [a, b, c, d, e]))))).size() > 0")]
    [InlineData("true || " + Numbers + ".all(a, " + Numbers + ".all(b, " + Numbers + ".all(c, " + Numbers + ".all(d, a + b + c + d >= 0)))) || n > 0", "true")]
    [InlineData(Numbers + ".all(a, text.contains(part))")]
    [InlineData(Numbers + ".map(a, text + text).map(a, a + a).map(a, a + a).map(a, a + a).map(a, a + a).size() == 0")]
    [InlineData(Many + ".all(a, int(zeros) == 1)")]
    [InlineData(Many + ".all(a, {'k': 1}[text] == 1 || true)")]
    [InlineData(Numbers + ".all(a, text.matches('(x+x+)+y') || true)")]
    public void Too_many_steps_are_an_error_soon(string expression, string expected = "error: the expression takes too many steps")
    {
        string context = $$"""{"n": 1, "text": "{{new string('x', 100_000)}}", "part": "{{new string('x', 50_000)}}y", "zeros": "{{new string('0', 50_000)}}1"}""";
        var clock = Stopwatch.StartNew();
        Assert.Equal(expected, CelText.Evaluate(expression, "n int, text string, part string, zeros string", context));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"it took {clock.Elapsed}");
    }

    [Fact]
    public void The_limit_is_reached_at_the_same_step_every_time()
    {
        const string expression = "[n, 2, 3].exists(x, x * 2 == 6)";
        int enough = Enumerable.Range(0, 100).First(steps => CelText.Evaluate(expression, "n int", """{"n": 1}""", steps) == "true");
        Assert.InRange(enough, 5, 20);
        for (int i = 0; i < 10; i++)
            Assert.Equal("error: the expression takes too many steps", CelText.Evaluate(expression, "n int", """{"n": 1}""", enough - 1));
    }

    [Fact]
    public void An_exhausted_evaluation_is_an_error_even_where_an_error_would_be_absorbed() =>
        Assert.StartsWith("error", CelText.Evaluate("[n, 2, 3].all(x, x > 0) || true", "n int", """{"n": 1}""", 3));

    [Theory]
    [InlineData("user_ip.in_cidr(cidr) && amount <= cap", "true")]
    [InlineData("text.startsWith('a') && text.contains('b') && text.size() > 2 && !text.endsWith('x')", "true")]
    [InlineData("text in ['x', 'y', 'abc'] && text in tags && 'admin' in roles", "true")]
    [InlineData("tags.exists(t, t == text) && tags.all(t, size(t) < 9) && tags.exists_one(t, t == 'abc')", "true")]
    [InlineData("now < until && now - since > duration('1h') && now.getHours() < 18 && now.getHours('+02:00') > 3", "true")]
    [InlineData("attributes.level >= 3.0 && has(attributes.group) && attributes.group == 'x'", "true")]
    [InlineData("text.matches('^[a-c]+$')", "true")]
    [InlineData("text.matches(pattern)", "true")]
    [InlineData("amount > cap ? false : {'a': 1}.isSubtreeOf({'a': 1, 'b': 2})", "true")]
    [InlineData("amount <= cap && absent > 3", "missing absent")]
    public void An_evaluation_allocates_nothing(string expression, string expected)
    {
        CelProgram program = CelText.Compile(expression, """
            user_ip ipaddress, cidr string, amount int, cap int, text string, tags list<string>, roles map<int>, now timestamp, until timestamp,
            since timestamp, attributes any, pattern string, absent int
            """.ReplaceLineEndings(" "));
        CelBindings stored = CelText.Bind(program, """{"cidr": "10.0.0.0/8", "cap": 100, "roles": {"admin": 1}, "pattern": "a.c"}""");
        CelBindings request = CelText.Bind(program, """
            {"user_ip": "10.1.2.3", "amount": 7, "text": "abc", "tags": ["x", "abc"], "now": "2026-08-01T09:00:00Z", "until": "2026-08-02T00:00:00Z",
             "since": "2026-08-01T00:00:00Z", "attributes": {"level": 3, "group": "x"}}
            """);
        Assert.Equal(expected, CelText.Show(program, program.Evaluate(stored, request, CelLimits.Default)));
        for (int i = 0; i < 1_000; i++) program.Evaluate(stored, request, CelLimits.Default);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++) program.Evaluate(stored, request, CelLimits.Default);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
