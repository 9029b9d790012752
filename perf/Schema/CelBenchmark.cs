using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Cel;
using BenchmarkDotNet.Attributes;

namespace AuthzGraph.Perf.Schema;

/// <summary>
/// One evaluation of a caveat's expression whose stored and request contexts are bound. Each fails if the answer is not true. The
/// baseline is an expression that is one parameter.
/// </summary>
[Config(typeof(PerfConfig))]
[MemoryDiagnoser]
public class CelBenchmark
{
    private const string Parameters = "flag bool, user_ip ipaddress, cidr string, amount int, cap int, tag string, now timestamp, until timestamp";

    private readonly Dictionary<string, CelProgram> _programs = [];
    private CelBindings _stored = CelBindings.None;
    private CelBindings _request = CelBindings.None;

    /// <summary>It is as small as it gets.</summary>
    public static CelBenchmark Tiny() => new();

    [GlobalSetup]
    public void Setup()
    {
        ImmutableArray<CelVariable> variables = [.. Parameters.Split(", ").Select(parameter => parameter.Split(' '))
            .Select(words => new CelVariable(words[0], CelType.Named(words[1]) ?? CelType.Any))];
        Prepare("parameter", "flag", variables);
        Prepare("three", "user_ip.in_cidr(cidr) && amount <= cap", variables);
        Prepare("texts", "tag in ['red', 'green', 'blue'] && tag.startsWith('gr')", variables);
        Prepare("pattern", "tag.matches('^[a-z]+$')", variables);
        Prepare("macro", "['red', 'green', 'blue'].exists(t, t == tag)", variables);
        Prepare("time", "now < until && now.getHours() < 18", variables);
        _stored = Bind(variables, """{"flag": true, "cidr": "10.0.0.0/8", "cap": 100, "until": "2027-01-01T00:00:00Z"}""");
        _request = Bind(variables, """{"user_ip": "10.1.2.3", "amount": 7, "tag": "green", "now": "2026-08-01T09:00:00Z"}""");
    }

    [Benchmark(Baseline = true)]
    public CelOutcome OneParameter() => Ask("parameter");

    [Benchmark]
    public CelOutcome AddressAndAmount() => Ask("three");

    [Benchmark]
    public CelOutcome ListAndPrefix() => Ask("texts");

    [Benchmark]
    public CelOutcome Pattern() => Ask("pattern");

    [Benchmark]
    public CelOutcome MacroOverAList() => Ask("macro");

    [Benchmark]
    public CelOutcome TimeOfDay() => Ask("time");

    private CelOutcome Ask(string name)
    {
        CelResult result = _programs[name].Evaluate(_stored, _request, CelLimits.Default);
        return result.Outcome == CelOutcome.True ? result.Outcome : throw new InvalidOperationException($"{name} came to {result}");
    }

    private void Prepare(string name, string expression, ImmutableArray<CelVariable> variables)
    {
        CelCompilation compilation = CelCompiler.Compile(expression, variables);
        _programs[name] = compilation.Program ?? throw new InvalidOperationException(string.Join('\n', compilation.Errors));
    }

    private static CelBindings Bind(ImmutableArray<CelVariable> variables, string context) =>
        CelBindings.TryParse(variables, context, CelUnknownNames.Reject, out CelBindings bindings, out string problem)
            ? bindings : throw new InvalidOperationException(problem);
}
