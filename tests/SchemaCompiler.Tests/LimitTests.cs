using System.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Tests;

public class LimitTests
{
    [Fact]
    public void Text_of_the_greatest_length_compiles_and_one_byte_more_does_not()
    {
        string longest = "definition user {} // " + new string('é', (4 * 1024 * 1024 - 22) / 2);
        Assert.Empty(Compilation.Of(longest).Diagnostics);
        Assert.Equal("AZ0001", Only(longest + "."));
        Assert.Equal("AZ0001", Assert.Single(SchemaFormatter.Format(longest + ".").Diagnostics).Code);
    }

    [Theory]
    [InlineData("(", "aaa", ")")]
    [InlineData("", "aaa", " - aaa")]
    [InlineData("aaa - (", "aaa", ")")]
    public void Expressions_nest_64_deep(string before, string core, string after)
    {
        Assert.Empty(Permission(32, before, core, after).Diagnostics);
        Assert.Equal("AZ0003", Assert.Single(Permission(65, before, core, after).Diagnostics).Code);
        Assert.Equal("AZ0003", Assert.Single(Permission(100_000, before, core, after).Diagnostics).Code);
    }

    [Fact]
    public void Parentheses_and_exclusions_nest_together() =>
        Assert.Equal("AZ0003", Assert.Single(Permission(40, "(", "aaa", " - aaa - aaa)").Diagnostics).Code);

    [Fact]
    public void Long_unions_and_long_chains_of_arrows_do_not_overflow_the_stack()
    {
        Assert.Empty(Permission(100_000, "", "aaa", " + aaa").Diagnostics);
        Assert.Equal("AZ0003", Assert.Single(Permission(100_000, "", "aaa", "->aaa").Diagnostics).Code);
        Assert.Equal("AZ0003", Assert.Single(Permission(100_000, "", "aaa", ".any(aaa)").Diagnostics).Code);
    }

    [Fact]
    public void Long_chains_of_aliases_usersets_and_containment_do_not_overflow_the_stack()
    {
        const int Count = 20_000;
        string aliases = Lines(Count, i => $"permission p{i:D6} = p{(i + 1) % Count:D6}");
        string usersets = Lines(Count, i => $"relation r{i:D6}: {(i == 0 ? "user:*" : $"user#r{i - 1:D6}")}");
        string nested = Lines(Count, i => $"definition t{i:D6} {{ principal human; within upper; relation upper: t{Math.Max(0, i - 1):D6} }}");

        Assert.Equal("AZ0305", Only($"definition user {{\n{aliases}}}"));
        Assert.Equal("AZ0208", Only($"definition user {{\n{usersets}}}"));
        Assert.Empty(Compilation.Of($"use delegation\n{nested}").Diagnostics);
    }

    [Fact]
    public void Ids_run_out_with_an_error()
    {
        Assert.Equal("AZ0002", Only(Lines(65_536, i => $"definition t{i:D6} {{}}")));
        Assert.Equal("AZ0002", Only($"definition user {{\n{Lines(65_536, i => $"relation r{i:D6}: user")}}}"));
        string hundredRelations = Lines(100, i => $"relation r{i:D6}: {string.Join("|", Enumerable.Range(0, 700).Select(t => $"t{t:D6}"))}");
        Assert.Equal("AZ0002", Only($"definition user {{\n{hundredRelations}}}\n{Lines(700, i => $"definition t{i:D6} {{}}")}"));
    }

    [Fact]
    public void Of_very_many_errors_the_first_hundred_are_listed_in_little_time()
    {
        Stopwatch time = Stopwatch.StartNew();
        string known = Lines(20_000, i => $"definition type_{i:D6} {{}}");
        Compilation compilation = Compilation.Of(known + Lines(40_000, i => $"definition test_{i:D6} {{ relation viewer: tpye_{i:D6} }}"));

        Assert.Equal(101, compilation.Diagnostics.Length);
        Assert.Equal("AZ0004", compilation.Diagnostics[^1].Code);
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(30), $"{time.Elapsed}");
    }

    [Fact]
    public void Names_of_any_length_are_refused_in_little_time()
    {
        Stopwatch time = Stopwatch.StartNew();
        string name = new('a', 400_000);
        Compilation compilation = Compilation.Of($"definition {name} {{}}\ndefinition user {{ relation viewer: {name}b | {name}c | {name}d }}");

        Assert.Equal(["AZ0203", "AZ0201", "AZ0201", "AZ0201"], compilation.Diagnostics.Select(d => d.Code));
        Assert.All(compilation.Diagnostics, d => Assert.True(d.Message.Length < 500));
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(10), $"{time.Elapsed}");
    }

    [Fact]
    public void Very_many_clauses_are_bound_in_little_time()
    {
        Stopwatch time = Stopwatch.StartNew();
        string permissions = Lines(30_000, i => $"permission p{i:D6} = nil");
        Compilation compilation = Compilation.Of(
            $"use delegation\ndefinition user {{\n{permissions}{Lines(30_000, i => "delegable * approval p000001")}{Lines(30_000, i => "delegable p000001 max hops 3")}}}");

        Assert.Empty(compilation.Diagnostics);
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(30), $"{time.Elapsed}");
    }

    [Fact]
    public void A_hundred_warnings_do_not_hide_an_error()
    {
        string warnings = Lines(300, i => $"permission p{i:D6} = p{i:D6}");
        Compilation compilation = Compilation.Of($"definition user {{\n{warnings}permission last = missing\n}}");

        Assert.Null(compilation.Schema);
        Assert.Equal(100, compilation.Diagnostics.Count(d => d.Severity == Severity.Warning));
        Assert.Equal("AZ0202", Assert.Single(compilation.Diagnostics, d => d.Severity == Severity.Error).Code);
    }

    private static Compilation Permission(int times, string before, string core, string after) => Compilation.Of(
        "definition user { relation aaa: user\n permission bbb = "
        + string.Concat(Enumerable.Repeat(before, times)) + core + string.Concat(Enumerable.Repeat(after, times)) + " }");

    private static string Only(string text) => Assert.Single(Compilation.Of(text).Diagnostics).Code;

    private static string Lines(int count, Func<int, string> line) =>
        string.Concat(Enumerable.Range(0, count).Select(i => line(i) + "\n"));
}
