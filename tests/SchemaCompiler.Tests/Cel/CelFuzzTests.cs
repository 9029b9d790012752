using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AuthzGraph.SchemaCompiler.Cel;
using Xunit.Abstractions;

namespace AuthzGraph.SchemaCompiler.Tests.Cel;

/// <summary>Expressions of the corpus, cut up and mixed: nothing throws, and what compiles gives the same answer twice.</summary>
public sealed class CelFuzzTests(ITestOutputHelper output)
{
    private const int Seed = 20_260_801;

    private static readonly string[] Pieces =
    [
        "(", ")", "[", "]", "{", "}", "&&", "||", "!", "-", "?", ":", ",", ".", "==", " in ", "'", "\"\"\"", "r'", "b'", "\\", "\\u", "0x", "1e", "u",
        "x", "ip", "list", "map", "text", "any", "has(", ".all(", ".map(", ".matches(", ".in_cidr(", "size(", "timestamp(", "duration(", ".getHours(",
        "9223372036854775807", "-9223372036854775808", "18446744073709551615u", "1e308", "0.0", "null", "\ud83d", "é", "//", "\n", "`", "dyn(", "type(",
    ];

    private static readonly string[] Joints = [" && ", " || ", " + ", " == ", " in ", " ? true : "];

    [CorpusFact]
    public void No_mutation_of_an_expression_throws()
    {
        int count = Environment.GetEnvironmentVariable("AUTHZGRAPH_LONG") == "1" ? 1_000_000 : 20_000;
        output.WriteLine($"seed {Seed}, {count} mutations");
        string[] expressions = [.. CelCase.All().Select(test => test.Expression), .. OurOwn];
        ImmutableArray<CelVariable> variables = CelText.Variables("x int, y double, text string, ip ipaddress, list list<string>, map map<any>, any any, time timestamp");
        Assert.True(CelBindings.TryParse(variables, Context, CelUnknownNames.Reject, out CelBindings bindings, out _));
        Random random = new(Seed);
        int compiled = 0;
        for (int i = 0; i < count; i++)
        {
            string expression = Mutate(expressions[random.Next(expressions.Length)], expressions[random.Next(expressions.Length)], random);
            try
            {
                if (Evaluate(expression, variables, bindings)) compiled++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"mutation {i} of seed {Seed}: {expression}", e);
            }
        }
        output.WriteLine($"{compiled} compiled");
        Assert.True(compiled > count / 20, $"only {compiled} of {count} compiled: the mutations are too wild to test anything");
    }

    [Fact]
    public void No_pattern_throws()
    {
        int count = Environment.GetEnvironmentVariable("AUTHZGRAPH_LONG") == "1" ? 100_000 : 4_000;
        output.WriteLine($"seed {Seed}, {count} patterns");
        CelProgram program = CelText.Compile("text.matches(pattern)", "text string, pattern string");
        Random random = new(Seed);
        int understood = 0;
        for (int i = 0; i < count; i++)
        {
            string pattern = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => PatternPieces[random.Next(PatternPieces.Length)]));
            CelBindings bindings = CelText.Bind(program, JsonSerializer.Serialize(new { text = "abc é\U0001F431\n", pattern }));
            try
            {
                if (program.Evaluate(bindings, CelLimits.Default).Outcome != CelOutcome.Error) understood++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"pattern {i} of seed {Seed}: {pattern}", e);
            }
        }
        output.WriteLine($"{understood} understood");
        Assert.InRange(understood, count / 10, count);
    }

    private static readonly string[] PatternPieces =
    [
        "a", "b", "é", "\U0001F431", ".", "^", "$", "|", "(", ")", "(?:", "(?i)", "(?s-m:", "(?P<n>", "(?<", "(?=", "*", "+", "?", "{2}", "{1,", "{2,3}", "}",
        "[", "]", "[^", "[:", ":]", "[[:alpha:]", "-", ",", "\\", "\\d", "\\W", "\\x4", "\\x{1F431}", "\\Q", "\\E", "\\A", "\\z", "\\b", "\\1", "\\07", "\\pL", " ", "#",
    ];

    private const string Context =
        """{"x": 1, "text": "abc", "ip": "10.0.0.1", "list": ["a", "b"], "map": {"a": 1, "b": [null]}, "any": {"k": [1, "s"]}, "time": "2026-08-01T00:00:00Z"}""";

    private static readonly string[] OurOwn =
    [
        "ip.in_cidr('10.0.0.0/8') && x <= 10", "list.exists(e, e.matches('^[a-c]+(?i)x{1,3}$'))", "map.isSubtreeOf({'a': any})",
        "time.getHours('Europe/Zurich') + duration('1h30m').getMinutes()", "string(time + duration('1.5s')) + string(y)", "any.k[0] == x || any.k[1] == text",
        "map.map(k, map[k]).filter(v, v != null).exists_one(v, dyn(v) == 1.0)", "has(map.a) ? int(text) : uint(x)", "text.matches(text + '\\\\W[[:alpha:]]')",
    ];

    private static bool Evaluate(string expression, ImmutableArray<CelVariable> variables, CelBindings bindings)
    {
        CelCompilation compilation = CelCompiler.Compile(expression, variables);
        Assert.Equal(compilation.Program is null, !compilation.Errors.IsEmpty);
        if (compilation.Program is null)
        {
            Assert.All(compilation.Errors, error => Assert.InRange(error.Span.End, 0, Math.Max(1, expression.Length)));
            return false;
        }
        string once = compilation.Program.Evaluate(bindings, CelLimits.Default).ToString();
        Assert.Equal(once, compilation.Program.Evaluate(CelBindings.None, bindings, CelLimits.Default).ToString());
        return true;
    }

    private static string Mutate(string expression, string other, Random random)
    {
        StringBuilder text = new(expression);
        for (int i = random.Next(4); i >= 0; i--)
        {
            int at = random.Next(text.Length + 1), length = random.Next(Math.Min(8, text.Length - at + 1));
            switch (random.Next(5))
            {
                case 0: text.Remove(at, length); break;
                case 1: text.Insert(at, Pieces[random.Next(Pieces.Length)]); break;
                case 2: text.Insert(at, text.ToString(at, length)); break;
                case 3: text.Remove(at, length).Insert(at, Pieces[random.Next(Pieces.Length)]); break;
                default: text.Append(Joints[random.Next(Joints.Length)]).Append(other); break;
            }
        }
        return text.ToString();
    }
}
