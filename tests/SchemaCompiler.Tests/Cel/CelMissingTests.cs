using AuthzGraph.SchemaCompiler.Cel;

namespace AuthzGraph.SchemaCompiler.Tests.Cel;

/// <summary>Three values: what cannot be told without more names those that would tell.</summary>
public sealed class CelMissingTests
{
    private const string Parameters = "a bool, b bool, n int, m int, list list<int>, map map<int>, text string, known int";

    [Theory]
    [InlineData("a", "missing a")]
    [InlineData("false && a", "false")]
    [InlineData("a && false", "false")]
    [InlineData("true || a", "true")]
    [InlineData("a || true", "true")]
    [InlineData("true && a", "missing a")]
    [InlineData("a && b", "missing a, b")]
    [InlineData("b || false || a", "missing a, b")]
    [InlineData("a && 1 / 0 > 1", "missing a")]
    [InlineData("1 / 0 > 1 && a", "missing a")]
    [InlineData("1 / 0 > 1 && false", "false")]
    [InlineData("1 / 0 > 1 && true", "error: division by zero")]
    [InlineData("!a", "missing a")]
    [InlineData("a ? n : m", "missing a")]
    [InlineData("true ? n : m", "missing n")]
    [InlineData("false ? n : known", "7")]
    [InlineData("n + m > 3", "missing n, m")]
    [InlineData("n + 1 / 0", "missing n")]
    [InlineData("n == n", "missing n")]
    [InlineData("n in [1, m]", "missing n, m")]
    [InlineData("{'k': n}.k", "missing n")]
    [InlineData("map.key", "missing map")]
    [InlineData("has(map.key)", "missing map")]
    [InlineData("list.all(x, x > n)", "missing list")]
    [InlineData("[1, 2].all(x, x > n)", "missing n")]
    [InlineData("[1, 2].all(x, x > 5 && x > n)", "false")]
    [InlineData("[1, 2].all(x, x > 1 || x > n)", "missing n")]
    [InlineData("[1, 2].exists(x, x > 1 || x > n)", "true")]
    [InlineData("[1, 2].exists(x, x > n || a)", "missing a, n")]
    [InlineData("[1, 2].exists_one(x, x > n)", "missing n")]
    [InlineData("[1, 2].map(x, x + n)", "missing n")]
    [InlineData("[].map(x, n)", "[]")]
    [InlineData("[1, 2].filter(x, x > n)", "missing n")]
    [InlineData("text.matches('a')", "missing text")]
    [InlineData("'a'.matches(text)", "missing text")]
    [InlineData("size(text) == known", "missing text")]
    [InlineData("known > 6 || text == 'a'", "true")]
    public void Missing_parameters_are_named_where_they_matter(string expression, string expected) =>
        Assert.Equal(expected, CelText.Evaluate(expression, Parameters, """{"known": 7}"""));

    [Fact]
    public void The_stronger_context_beats_the_weaker_name_by_name()
    {
        CelProgram program = CelText.Compile("[a, b, c]", "a int, b int, c int");
        CelBindings stored = CelText.Bind(program, """{"a": 1, "b": 1}""");
        CelBindings request = CelText.Bind(program, """{"b": 2, "c": 2}""");
        Assert.Equal("[1, 1, 2]", program.Evaluate(stored, request, CelLimits.Default).ToString());
        Assert.Equal("[1, 2, 2]", program.Evaluate(request, stored, CelLimits.Default).ToString());
        Assert.Equal("missing c", CelText.Show(program, program.Evaluate(stored, CelLimits.Default)));
    }

    /// <summary>An answer given without a parameter is the answer with it, whatever it is.</summary>
    [Fact]
    public void What_is_told_without_a_parameter_stays_told_with_it()
    {
        const int seed = 7;
        Random random = new(seed);
        for (int i = 0; i < 3_000; i++)
        {
            CelProgram program = CelText.Compile(RandomTest(random, 4), "a bool, b bool, n int");
            string before = CelText.Show(program, program.Evaluate(CelText.Bind(program, """{"a": true}"""), CelLimits.Default));
            if (before.StartsWith("missing")) continue;
            foreach (string context in new[] { """{"a": true, "b": true, "n": 0}""", """{"a": true, "b": false, "n": 1}""" })
                Assert.Equal(before, CelText.Show(program, program.Evaluate(CelText.Bind(program, context), CelLimits.Default)));
        }
    }

    private static string RandomTest(Random random, int depth) => (depth == 0 ? random.Next(5) : random.Next(10)) switch
    {
        0 => "a",
        1 => "b",
        2 => "n == 0",
        3 => "1 / n > 0",
        4 => random.Next(2) == 0 ? "true" : "false",
        5 or 6 => $"({RandomTest(random, depth - 1)} && {RandomTest(random, depth - 1)})",
        7 => $"({RandomTest(random, depth - 1)} || {RandomTest(random, depth - 1)})",
        8 => $"({RandomTest(random, depth - 1)} ? {RandomTest(random, depth - 1)} : {RandomTest(random, depth - 1)})",
        _ => $"[1, 2].exists(x, x == 2 && {RandomTest(random, depth - 1)})",
    };
}
