using System.Diagnostics;
using AuthzGraph.SchemaCompiler.Changes;
using AuthzGraph.SchemaCompiler.Reflection;
using Xunit.Abstractions;

namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>
/// Eight times as much of anything takes about eight times as long, never sixty-four times: nobody stops a server with a long schema.
/// Times are compared with each other only, and the best of several is taken, so that a busy machine changes little.
/// </summary>
[Collection("times are measured alone")]
public class GrowthTests(ITestOutputHelper output)
{
    private const int Times = 8, Tries = 4;

    /// <summary>In the middle between linear growth, 8, and quadratic growth, 64.</summary>
    private const double Bound = 24;

    private const string Role = "use delegation\ndefinition user { principal human }\ndefinition bot { principal agent; relation sponsor: user }\n";

    public static TheoryData<string> Names => [.. Shapes.Keys];

    /// <summary>Schemas by what there is much of, from how much.</summary>
    private static readonly Dictionary<string, Func<int, string>> Shapes = new()
    {
        ["definitions"] = n => User + Lines(n, i => $"definition t{i:D6} {{ relation owner: user; permission view = owner }}"),
        ["relations of a definition"] = n => $"definition user {{\n{Lines(n, i => $"relation r{i:D6}: user")}}}",
        ["permissions of a definition"] = n => $"definition user {{\nrelation owner: user\n{Lines(n, i => $"permission p{i:D6} = owner")}}}",
        ["types of a relation"] = n => Lines(n, i => $"definition t{i:D6} {{}}") + $"definition user {{ relation owner: {Joined(n, " | ", i => $"t{i:D6}")} }}",
        ["terms of a union"] = n => $"definition user {{\n{Lines(n, i => $"relation r{i:D6}: user")}permission view = {Joined(n, " + ", i => $"r{i:D6}")}\n}}",
        ["terms of an intersection"] = n => $"definition user {{\n{Lines(n, i => $"relation r{i:D6}: user")}permission view = {Joined(n, " & ", i => $"r{i:D6}")}\n}}",
        ["deep parentheses"] = n => $"definition user {{\nrelation owner: user\n{Lines(n / 8, i => $"permission p{i:D6} = {new string('(', 60)}owner{new string(')', 60)}")}}}",
        ["a chain of permissions"] = n => $"definition user {{\nrelation owner: user\n{Lines(n, i => $"permission p{i:D6} = {(i == n - 1 ? "owner" : $"p{i + 1:D6}")} + nil")}}}",
        ["a chain of intersections"] = n => $"definition user {{\nrelation owner: user\n{Lines(n, i => $"permission p{i:D6} = {(i == n - 1 ? "owner" : $"p{i + 1:D6}")} & owner")}}}",
        ["a circle of permissions"] = n => $"definition user {{\nrelation upper: user\n{Lines(n, i => $"permission p{i:D6} = upper->p{(i + 1) % n:D6}")}}}",
        ["a chain of usersets"] = n => $"definition user {{\n{Lines(n, i => $"relation r{i:D6}: {(i == n - 1 ? "user" : $"user#r{i + 1:D6}")}")}permission view = r000000\n}}",
        ["a chain of arrows"] = n => User + Lines(n, i => $"definition t{i:D6} {{ relation next: {(i == n - 1 ? "user" : $"t{i + 1:D6}")}; permission view = next->view }}"),
        ["annotations along a chain"] = n => $"use typechecking\ndefinition user {{\nrelation owner: user\n{Lines(n, i => $"permission p{i:D6}: user = {(i == n - 1 ? "owner" : $"p{i + 1:D6} + owner")}")}}}",
        ["annotations of many types"] = n => "use typechecking\n" + Lines(n, i => $"definition t{i:D6} {{\nrelation next: t{Math.Min(i + 1, n - 1):D6}\nrelation self_: t{i:D6}\npermission all: t{i:D6} = next->all + self_\n}}"),
        ["hops that lend along containment"] = n => Role + Lines(n, i => $"definition t{i:D6} {{ within upper; relation upper: t{Math.Max(0, i - 1):D6}; permission p{i:D6} = nil; delegable p{i:D6} }}")
            + $"definition hop {{ delegation; relation delegator: user; relation delegate: bot\n{Lines(n, i => $"relation p{i:D6}: t000000")}}}",
        ["clauses"] = n => $"use delegation\ndefinition user {{\n{Lines(n, i => $"permission p{i:D6} = nil")}{Lines(n, i => $"delegable p{i:D6} max hops 3 approval p000001")}}}",
        ["caveats"] = n => Lines(n, i => $"caveat c{i:D6}(num int) {{ num > {i} }}") + $"definition user {{\n{Lines(n, i => $"relation r{i:D6}: user with c{i:D6}")}}}",
        ["splats"] = n => "use partial\npartial owned { relation owner: user; permission view = owner }\n" + Lines(n, i => $"definition t{i:D6} {{ ...owned }}") + User,
        ["comments"] = n => Lines(n, i => $"// {i} is a number\n/* and so is {i + 1} */") + User,
        ["names that do not exist"] = n => User + Lines(n, i => $"definition t{i:D6} {{ relation owner: ueser{i}; permission view = onwer }}"),
        ["warnings"] = n => $"definition user {{\nrelation owner: user\npermission edit = owner\n{Lines(n, i => $"relation r{i:D6}: user\npermission p{i:D6} = owner & nil")}}}",
        ["unclosed braces"] = n => Lines(n, i => $"definition t{i:D6} {{ relation owner: user "),
        ["braces in a caveat"] = n => $"caveat deep(num int) {{ {new string('{', n)} }}",
    };

    private const string User = "definition user {}\n";

    [Theory]
    [MemberData(nameof(Names))]
    public void Compiling_and_formatting_grow_with_the_text(string shape) => Grows(shape, text =>
    {
        Compilation.Of(text);
        SchemaFormatter.Format(text);
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void A_diff_and_a_reflection_grow_with_the_schemas(string shape)
    {
        if (Compilation.Of(Shapes[shape](10)).Schema is null) return;
        Dictionary<string, (CompiledSchema, CompiledSchema)> schemas = [];
        Grows(shape, text =>
        {
            if (!schemas.TryGetValue(text, out (CompiledSchema Before, CompiledSchema After) pair)) schemas.Add(text, pair = (Compiled(text), Compiled(Changed(text))));
            SchemaDiff.Between(pair.Before, pair.After);
            ReflectedSchema.Of(pair.After);
        });
    }

    private void Grows(string shape, Action<string> work)
    {
        List<string> ratios = [];
        for (int size = 200; ; size *= 2)
        {
            (string small, string large) = (Shapes[shape](size), Shapes[shape](size * Times));
            double first = Best(work, small);
            bool isMeasurable = first > 1 || size * Times >= 12_000;
            if (!isMeasurable) continue;
            double ratio = Best(work, large) / first;
            ratios.Add($"{size}: {first:N1} ms, × {ratio:N1}");
            output.WriteLine(ratios[^1]);
            if (ratio < Bound) return;
            Assert.True(ratios.Count < Tries, $"{shape}: {string.Join("; ", ratios)}");
            size /= 2;
        }
    }

    /// <summary>Milliseconds of the fastest of several runs, of which the first is not counted.</summary>
    private static double Best(Action<string> work, string text)
    {
        work(text);
        double best = double.MaxValue;
        for (int run = 0; run < 3; run++)
        {
            Stopwatch time = Stopwatch.StartNew();
            work(text);
            best = Math.Min(best, time.Elapsed.TotalMilliseconds);
        }
        return best;
    }

    private static CompiledSchema Compiled(string text)
    {
        Compilation compilation = Compilation.Of(text);
        Assert.True(compilation.Schema is not null, string.Join('\n', compilation.Diagnostics.Take(3)));
        return compilation.Schema;
    }

    /// <summary>Every second line with `user` or `owner` in it says something else.</summary>
    private static string Changed(string text) => string.Join('\n', text.Split('\n').Select((line, i) =>
        i % 2 == 0 ? line : line.Replace("= owner", "= owner + owner").Replace("num > ", "num >= ").Replace(" + nil", "").Replace("max hops 3", "max hops 4")));

    private static string Lines(int count, Func<int, string> line) => string.Concat(Enumerable.Range(0, count).Select(i => line(i) + "\n"));

    private static string Joined(int count, string separator, Func<int, string> part) => string.Join(separator, Enumerable.Range(0, count).Select(part));
}

/// <summary>Tests that measure time, away from those that run in parallel.</summary>
[CollectionDefinition("times are measured alone", DisableParallelization = true)]
public class Alone;
